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

from assistant import metrics, said_before, settings
from assistant.chat_http import answer_errors, cors, json_reply, read_body, refuse, slot_reader
from assistant.conversation import Heard
from assistant.exchange import Exchange, OnNewMessage, Reply
from assistant.guard import Guard, Incoming, Refusal, parse, parse_sender
from assistant.observe import Turn
from assistant.once import Replies
from assistant.once import Reply as KeptReply
from assistant.overload import turns
from assistant.overload.limits import Limits, address_of
from assistant.security import offered

CALM = ("none", "awareness")
"""Levels at which a limit refuses a message; whatever is graver gets the guard's words all the same."""


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
        self._limits = Limits(settings.rate_per_sender(), settings.rate_per_address())

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
        turn = Turn(self.name())
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
            caller = _caller(request)
            wait = self._limits.exceeded_by(_limited(incoming.sender, caller), caller)
            heard = await self._guard.hear(incoming, slot_reader(request.app)) if wait else None
            if heard is not None and heard.level in CALM:
                refusal = Refusal(429, "Too many messages; wait a little.", incoming.metadata)
                return refuse(request, refusal, {"Retry-After": str(wait)})
            reply = self._replies.begin(incoming.sender, incoming.message_id)
            messages = self._answer(request, incoming, on_new_message, is_streamed, heard, turn, shown)
            # In a task of its own: who breaks off and asks again gets what was said meanwhile.
            filling = asyncio.create_task(reply.fill(messages))
            self._turns.add(filling)
            filling.add_done_callback(self._turns.discard)
        else:
            metrics.duplicate(self.name())
        if is_streamed:
            await self._stream(request, reply)
            return None
        return json_reply([message async for message in reply.follow()], headers=cors(request))

    async def _answer(
        self,
        request: Request,
        incoming: Incoming,
        on_new_message: OnNewMessage,
        is_streamed: bool,
        heard: Heard | None,
        turn: Turn,
        shown: str,
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield the messages of the reply: the stored one if it was answered before, else a new one.

        Args:
            heard: what was heard already of a message beyond a limit, for which Rasa has no turn.
        """
        is_shed = heard is not None
        # Who wrote to this process before and is not in its replies was not answered by another one either.
        if heard is None and not self._guard.knows(incoming.sender):
            said = await said_before.find(request.app, self.name(), incoming.sender, incoming.message_id)
            for reply in said:
                for part in parts(shown, reply):
                    yield part
            if said:
                return
        heard = turn.heard(heard or await self._guard.hear(incoming, slot_reader(request.app)))
        exchange = Exchange(
            incoming,
            heard,
            self.name(),
            on_new_message,
            self._turns,
            line=turns.of(request.app),
            is_shed=is_shed,
        )
        come = _as_they_come if is_streamed else _at_the_end
        async for message in turn.follow(come(exchange, incoming.sender, shown)):
            yield message

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


def _caller(request: Request) -> str:
    """Return the address that a limit counts; empty for programs of our own, which speak for many people."""
    if settings.rest_token():  # shown, or the request had been refused
        return ""
    forwarded = ",".join(request.headers.getall("x-forwarded-for", []))
    return address_of(request.ip, forwarded, settings.trusted_proxies())


def _limited(sender: str, caller: str) -> str:
    """Return the sender that a limit counts; empty for a program on this machine."""
    return sender if settings.rest_token() or caller else ""


async def delete_tracker(store: Any, sender: str) -> bool:
    """Delete a conversation from Rasa's store or the one that it wraps; say whether it is gone."""
    store = getattr(store, "_tracker_store", store)
    if not hasattr(store, "delete"):
        return False
    return bool(await store.delete(sender))
