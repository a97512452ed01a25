"""Report on stderr what a Python process and its children write, and which hosts they contact.

Python imports a module of this name automatically if its folder is on PYTHONPATH.
"""

import os
import sys

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate")
CALLS = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")


def watch(event, arguments):
    """Report an event of one of these kinds; open counts only for writing."""
    if event == "open":
        path, _, flags = arguments
        wanted = bool((flags or 0) & WRITES) and path != os.devnull
    else:
        wanted = event in CHANGES or event in CALLS
    if wanted:
        os.write(2, f"WATCHED {event} {arguments!r}\n".encode())


sys.addaudithook(watch)
