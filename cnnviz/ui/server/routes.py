"""The base path, if the app has one, and our own routes below it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from starlette.routing import BaseRoute, Match, Route, WebSocketRoute
from starlette.types import Receive, Scope, Send
from streamlit import config
from streamlit.url_util import make_url_path


def base_path() -> str:
    """Return the path of the app, with a slash at both ends."""
    return make_url_path(config.get_option("server.baseUrlPath") or "", "/").rstrip("/") + "/"


def below_base(path: str) -> str:
    """Return a request's path as it would be without a base path; "" if it is not below it."""
    base = base_path()
    return path.removeprefix(base[:-1]) if path.startswith(base) else ""


class PlacedRoute(BaseRoute):
    """A route, built by `make`, from `path` to `answer`.

    Streamlit adds the base path only to its own routes, and knows it only after the app has been
    created, so this route is built on the first request.
    """

    def __init__(
        self, make: type[Route] | type[WebSocketRoute], path: str, answer: Callable[..., Any]
    ) -> None:
        self._make, self.path, self._answer = make, f"/{path}", answer

    @cached_property
    def _placed(self) -> Route | WebSocketRoute:
        return self._make(base_path() + self.path.removeprefix("/"), self._answer)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for this route."""
        return self._placed.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        await self._placed.handle(scope, receive, send)
