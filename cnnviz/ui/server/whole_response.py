"""A response as a whole, for code that changes its body or keeps it for others."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope


async def whole_response(
    app: ASGIApp, scope: Scope, receive: Receive
) -> tuple[Message, bytes] | None:
    """Return the first message and the whole body of an app's response.

    None if it came to no end, or with fewer bytes than it announced: then the client has gone in
    the middle of it, and what there is is half a file.
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
