"""How much memory a process has held."""

import re
import resource
import sys
from pathlib import Path


def peak() -> float:
    """Return the most memory that this process has held so far, in MB."""
    if sys.platform == "linux":  # where getrusage begins with the peak of whoever started it
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1e3
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
