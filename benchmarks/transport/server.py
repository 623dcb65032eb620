"""The bot with a Socket.IO channel beside its own: same guard, same turn, other transport. On ``PORT``."""

from __future__ import annotations

import sys
import uuid
from typing import Any

from rasa.core.channels.channel import register
from rasa.core.channels.socketio import SocketBlueprint
from sanic import Blueprint
from socketio import AsyncServer

from assistant import launcher, settings
from assistant.guard import Incoming
from assistant.web_channel import GuardedOutput, OnNewMessage, RestChannel


class SocketChannel(RestChannel):
    """What a good Socket.IO channel would do: guard first, a room a session, every message as it comes.

    Rasa's own delivers nothing with this python-socketio, since it does not await ``enter_room``.
    """

    @classmethod
    def name(cls) -> str:
        return "socketio"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes of Socket.IO (see base class)."""
        server = AsyncServer(async_mode="sanic", cors_allowed_origins=[])

        @server.on("session_request")
        async def begin(sid: str, data: dict[str, Any] | None) -> None:
            session = (data or {}).get("session_id") or uuid.uuid4().hex
            await server.enter_room(sid, session)
            await server.emit("session_confirm", session, room=sid)

        @server.on("user_uttered")
        async def hear(_: str, data: dict[str, Any]) -> None:
            incoming = Incoming(data["session_id"], data["message"], {})
            heard = await self._guard.hear(incoming, _no_slots)
            output = GuardedOutput(incoming.sender)
            async for message in self._as_they_come(incoming, heard, output, on_new_message):
                await server.emit("bot_uttered", message, room=incoming.sender)

        return SocketBlueprint(server, "/socket.io", "socketio_webhook", __name__)


async def _no_slots(_: str) -> None:
    return None


def main() -> None:
    """Serve until the process is ended."""
    app = launcher.build_app(launcher.newest_model())
    register([SocketChannel()], app, "/sockets/")
    app.run(host=settings.host(), port=settings.port(), access_log=False, motd=False, debug=False)


if __name__ == "__main__":
    sys.exit(main())
