"""Collect a whole response, for code that changes its body or caches it."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope


async def whole_response(
    app: ASGIApp, scope: Scope, receive: Receive
) -> tuple[Message, bytes] | None:
    """Return the first message and the whole body of an app's response.

    None if it did not end, or had fewer bytes than announced: then the client disconnected in the
    middle, and the body is incomplete.
    """
    came: list[Message] = []

    async def collect(message: Message) -> None:
        came.append(message)

    await app(scope, receive, collect)
    if len(came) < 2 or came[-1].get("more_body", False):
        return None
    start, body = came[0], b"".join(message.get("body", b"") for message in came[1:])
    announced = Headers(raw=start["headers"]).get("content-length")
    return (start, body) if announced in (None, str(len(body))) else None
