"""The peak memory of a process."""

import re
import resource
import sys
from pathlib import Path


def peak() -> float:
    """Return the peak memory of this process so far, in MB."""
    if sys.platform == "linux":  # on Linux, getrusage starts with the peak of the parent process
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1e3
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
