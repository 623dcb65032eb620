"""Rasa's REST channel with the guard in front: same path, same JSON, and never an empty reply."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import settings
from assistant.chat_http import answer_errors, cors, json_reply, read_body, refuse, slot_reader
from assistant.exchange import Exchange, OnNewMessage, Reply
from assistant.guard import Guard, Incoming, Refusal, parse, parse_sender
from assistant.once import Replies
from assistant.once import Reply as KeptReply
from assistant.security import offered


def parts(sender: str, reply: Reply) -> list[dict[str, Any]]:
    """Return a reply in the shape of the REST channel: its words, then its machine-readable part."""
    shaped = []
    if reply.get("text"):
        words = {"recipient_id": sender, "text": reply["text"]}
        shaped.append({**words, "buttons": reply["buttons"]} if reply.get("buttons") else words)
    if reply.get("custom"):
        shaped.append({"recipient_id": sender, "custom": reply["custom"]})
    return shaped


class RestChannel(RestInput):
    """``POST /webhooks/rest/webhook``, plain or with ``?stream=true``; ``…/delete`` forgets a sender."""

    def __init__(self) -> None:
        self._guard = Guard()
        self._replies = Replies()
        self._turns: set[asyncio.Task[None]] = set()

    @classmethod
    def name(cls) -> str:
        return "rest"

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """Return the routes (see base class)."""
        routes = Blueprint(f"{self.name()}_webhook")

        @routes.route("/", methods=["GET"])
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"], stream=True)
        async def receive(request: Request) -> HTTPResponse | None:
            return await self._receive(request, on_new_message)

        @routes.route("/delete", methods=["POST"], stream=True)
        async def delete(request: Request) -> HTTPResponse:
            return await self._delete(request)

        @routes.route("/webhook", methods=["OPTIONS"], name="preflight")
        @routes.route("/delete", methods=["OPTIONS"], name="preflight_delete")
        async def preflight(request: Request) -> HTTPResponse:
            return response.empty(headers=cors(request))

        @routes.listener("before_server_start")
        async def answer(app: Sanic, _: Any) -> None:
            answer_errors(app)

        return routes

    async def _receive(self, request: Request, on_new_message: OnNewMessage) -> HTTPResponse | None:
        body = await read_body(request)
        if not self.is_authorised(request):
            return refuse(request, Refusal(401, "This path asks for 'Authorization: Bearer <token>'.", {}))
        incoming = parse(body)
        if isinstance(incoming, Refusal):
            return refuse(request, incoming)
        incoming, shown = self.named(incoming)
        incoming = replace(incoming, text=offered.as_text(incoming.sender, incoming.text))
        is_streamed = request.args.get("stream", "").lower() in ("true", "1", "yes")
        reply = self._replies.find(incoming.sender, incoming.message_id)
        if reply is None:
            reply = self._replies.begin(incoming.sender, incoming.message_id)
            heard = await self._guard.hear(incoming, slot_reader(request.app))
            exchange = Exchange(incoming, heard, self.name(), on_new_message, self._turns)
            come = _as_they_come if is_streamed else _at_the_end
            # In a task of its own: who breaks off and asks again gets what was said meanwhile.
            filling = asyncio.create_task(reply.fill(come(exchange, incoming.sender, shown)))
            self._turns.add(filling)
            filling.add_done_callback(self._turns.discard)
        if is_streamed:
            await self._stream(request, reply)
            return None
        return json_reply([message async for message in reply.follow()], headers=cors(request))

    # What a channel with other rules says otherwise.

    def is_authorised(self, request: Request) -> bool:
        """Say whether a request may come in at all."""
        token = settings.rest_token()
        shown = request.headers.get("authorization", "")
        return not token or hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())

    def named(self, incoming: Incoming) -> tuple[Incoming, str]:
        """Return a message under the name of its conversation, and the id that its sender is told."""
        return incoming, incoming.sender

    def conversation_of(self, sender: str) -> str | Refusal:
        """Return the name of the conversation that a sender may delete."""
        return sender

    async def _stream(self, request: Request, reply: KeptReply) -> None:
        stream = await request.respond(
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", **cors(request)},
        )
        async for message in reply.follow():
            await stream.send(json.dumps(message) + "\n")
        await stream.eof()

    async def _delete(self, request: Request) -> HTTPResponse:
        """Delete a conversation: what the guard holds, the tracker, and its rows in the file."""
        body = await read_body(request)
        if not self.is_authorised(request):
            return refuse(request, Refusal(401, "This path asks for 'Authorization: Bearer <token>'.", {}))
        sender = parse_sender(body)
        if not isinstance(sender, Refusal):
            sender = self.conversation_of(sender)
        if isinstance(sender, Refusal):
            return refuse(request, sender)
        agent = request.app.ctx.agent
        async with agent.lock_store.lock(sender):  # a turn under way would write it anew
            self._guard.forget(sender)
            self._replies.forget(sender)
            offered.forget(sender)
            is_gone = await delete_tracker(agent.tracker_store, sender)
        if not is_gone:
            return refuse(request, Refusal(503, "The conversation could not be deleted; try again.", {}))
        return json_reply({"deleted": True}, headers=cors(request))


async def _at_the_end(exchange: Exchange, sender: str, shown: str) -> AsyncIterator[dict[str, Any]]:
    for reply in await exchange.all_at_once():
        offered.remember(sender, reply)
        for part in parts(shown, reply):
            yield part


async def _as_they_come(exchange: Exchange, sender: str, shown: str) -> AsyncIterator[dict[str, Any]]:
    async for reply in exchange.as_they_come():
        offered.remember(sender, reply)
        for part in parts(shown, reply):
            yield part


async def delete_tracker(store: Any, sender: str) -> bool:
    """Delete a conversation from Rasa's store or the one that it wraps; say whether it is gone."""
    store = getattr(store, "_tracker_store", store)
    if not hasattr(store, "delete"):
        return False
    return bool(await store.delete(sender))
