"""HTTP requests with cookies, as a browser makes them beside the websocket."""

from collections.abc import Iterable, Mapping
from http.client import HTTPConnection
from urllib.parse import urlsplit
from uuid import uuid4

XSRF = "_streamlit_xsrf"
PATIENCE = 60  # seconds to wait for an answer


class Http:
    """Requests to one address; cookies from responses are kept and sent back."""

    def __init__(self, address: str, cookies: Mapping[str, str] | None = None) -> None:
        self.place = urlsplit(address).netloc
        self.cookies = dict(cookies or {})

    def header(self) -> str:
        """Return the header with the cookies."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def take(self, lines: Iterable[str] | None) -> None:
        """Store the cookies in these Set-Cookie lines."""
        pairs = [line.partition(";")[0].partition("=") for line in lines or ()]
        self.cookies.update({name: value for name, _, value in pairs})

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> int:
        """Send a request and return the status of its answer."""
        connection = HTTPConnection(self.place, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {**headers, "Cookie": self.header()})
            answer = connection.getresponse()
            answer.read()
            self.take(answer.headers.get_all("Set-Cookie"))
            return answer.status
        finally:
            connection.close()

    def put(self, path: str, name: str, data: bytes) -> None:
        """Upload a file as Streamlit's page does; raise RuntimeError if it is refused."""
        edge = uuid4().hex
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        headers["X-Xsrftoken"] = self.cookies[XSRF]
        status = self.request("PUT", path, body, **headers)
        if status != 204:
            raise RuntimeError(f"The upload was answered with {status}.")
