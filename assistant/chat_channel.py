"""The channel of the page and the widget: as REST, but nobody can choose whose conversation they write in."""

from __future__ import annotations

from dataclasses import replace

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from assistant.chat_http import cors, json_reply
from assistant.exchange import OnNewMessage
from assistant.guard import Incoming, Refusal
from assistant.security import sessions
from assistant.web_channel import RestChannel


class ChatChannel(RestChannel):
    """``POST /webhooks/chat/session``, ``…/webhook``, ``…/delete``.

    ``sender`` is an id that ``…/session`` has given, or that came as ``recipient_id`` with the last reply. A
    message with a missing, expired or forged one is answered like any other, in a new conversation whose id
    the reply tells: the emergency words depend on no session.
    """

    @classmethod
    def name(cls) -> str:
        return "chat"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes (see base class)."""
        routes = super().blueprint(on_new_message)

        @routes.route("/session", methods=["POST"])
        async def session(request: Request) -> HTTPResponse:
            return json_reply({"sender": sessions.issue()}, headers=cors(request))

        @routes.route("/session", methods=["OPTIONS"], name="preflight_session")
        async def preflight(request: Request) -> HTTPResponse:
            return empty(headers=cors(request))

        return routes

    def is_authorised(self, request: Request) -> bool:
        """Let everybody in (see base class): the page is for everybody, and its ids are signed."""
        return True

    def named(self, incoming: Incoming) -> tuple[Incoming, str]:
        """Return a message under the name that its id stands for (see base class)."""
        shown = incoming.sender
        name = sessions.conversation(shown)
        if name is None:
            shown = sessions.issue_for(shown if incoming.has_sender else "", incoming.message_id)
            name = sessions.conversation(shown) or shown
        return replace(incoming, sender=name), sessions.renewed(shown)

    def conversation_of(self, sender: str) -> str | Refusal:
        """Return the conversation that an id of ours stands for, even an expired one (see base class)."""
        name = sessions.conversation(sender, even_expired=True)
        return name or Refusal(403, "This session was not issued here.", {})
