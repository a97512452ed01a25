"""What all tests share: how hypothesis draws, and what the command line can say."""

import gc
import os

# As asgi.py does, before NumPy is imported: two threads that wait for one another on a machine
# with other work take minutes for what one does in seconds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

# A run of a page frees nearly all by itself; to look for the rest takes a 20th of its time.
gc.set_threshold(20_000, 20, 20)
# A busy machine is no failing test, so nothing has a deadline; in CI every run draws the same.
settings.register_profile("here", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=15)  # of `make check`
settings.register_profile("thorough", deadline=None, max_examples=500)  # for an evening
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "here")
)


def pytest_addoption(parser):
    parser.addoption(
        "--no-browser", action="store_true", help="leave out the tests that need Chromium"
    )
