"""What the tests of pages without a browser share."""

from functools import cache

from streamlit.components.v2 import manifest_scanner

# Whoever opens a page without a browser has the metadata of all installed packages searched for
# components, which takes three quarters of the time. While the tests run, they stay the same.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
