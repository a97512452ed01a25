"""Says whether many more damaged files and links are to be tried; see conftest.py."""

import os

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
