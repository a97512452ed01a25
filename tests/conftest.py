"""What all tests share: how hypothesis draws, and what the command line can say."""

import os

from hypothesis import settings

# A busy machine is no failing test, so nothing has a deadline; in CI every run draws the same.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("quick", deadline=None, max_examples=15)  # of `make check`
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "here")
)


def pytest_addoption(parser):
    parser.addoption(
        "--no-browser", action="store_true", help="leave out the tests that need Chromium"
    )
