"""The address of a class that learners can open, also as a QR code."""

import ipaddress
from urllib.parse import urlsplit

import segno

from cnnviz.cli import EVERYWHERE, in_address, own_address

QUIET_ZONE = 2  # white modules around the code; its card is white too


def join_address(base: str, code: str, listens: str = EVERYWHERE) -> str:
    """Return the address at which a class joins, for a teacher whose browser has the app at `base`.

    Examples
    --------
    >>> join_address("https://cnn.school.example/app", "KATZE")
    'https://cnn.school.example/app/join/KATZE'
    """
    return f"{reachable(base, listens).rstrip('/')}/join/{code}"


def reachable(address: str, listens: str = EVERYWHERE) -> str:
    """Return an address of the app that others in the network can open.

    A teacher at the server's own machine sees localhost; others need its network address, if the
    server `listens` on that at all.

    Examples
    --------
    >>> reachable("http://localhost:8501/pixels", "127.0.0.1")
    'http://localhost:8501/pixels'
    >>> reachable("http://[::1]:8501/pixels", "::1")
    'http://[::1]:8501/pixels'
    """
    parts = urlsplit(address)
    if is_loopback(address) and not is_loopback(f"http://{in_address(listens)}"):
        port = f":{parts.port}" if parts.port else ""
        parts = parts._replace(netloc=f"{own_address()}{port}")
    return parts.geturl()


def is_loopback(address: str) -> bool:
    """Return whether an address is a loopback address.

    Examples
    --------
    >>> is_loopback("http://127.0.0.1:8501"), is_loopback("http://192.168.1.4:8501/app")
    (True, False)
    """
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def qr_code(text: str) -> str:
    """Return a text as a QR code: an SVG in a data: URL."""
    return segno.make(text, error="m", micro=False).svg_data_uri(border=QUIET_ZONE, dark="#000")
