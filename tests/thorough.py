"""Whether to try many more damaged files and links; see conftest.py."""

import os

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
