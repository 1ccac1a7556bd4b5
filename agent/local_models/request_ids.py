"""Gives every answer an id, as OpenAI does; its clients look for one and complain without."""

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class RequestIds:
    """ASGI middleware that adds `x-request-id` to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = (b"x-request-id", f"req_{secrets.token_hex(8)}".encode())
                message = {**message, "headers": [*message.get("headers", ()), own]}
            await send(message)

        await self._app(scope, receive, send_with_id if scope["type"] == "http" else send)
