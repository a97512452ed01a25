"""What all tests share: hypothesis profiles and command-line options."""

import gc
import os

# As in asgi.py, before NumPy is imported: on a busy machine, two threads that wait for each other
# take minutes for what one does in seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

# A page's run frees nearly everything by itself; collecting the rest takes a 20th of its time.
gc.set_threshold(20_000, 20, 20)
# A slow machine must not fail a test, so there are no deadlines; in CI every run draws the same.
settings.register_profile("here", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=15)  # for `make check`
settings.register_profile("thorough", deadline=None, max_examples=500)  # for an evening
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "here")
)


def pytest_addoption(parser):
    parser.addoption(
        "--no-browser", action="store_true", help="leave out the tests that need Chromium"
    )
