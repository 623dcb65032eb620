"""Rasa's REST channel with the guard in front: same path, same JSON, and never an empty reply."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import settings, wire
from assistant.conversation import Heard, keep_verdict
from assistant.guard import (
    LARGEST_BODY,
    LONGEST_TEXT,
    Guard,
    Incoming,
    Refusal,
    parse,
    parse_sender,
    refusal_body,
)
from assistant.once import Replies, Reply
from assistant.payloads import without_slash

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]

logger = logging.getLogger(__name__)

GRAVE_PATIENCE = 0.7
"""Seconds after which an emergency's reply goes out with what there is: a plain reply comes within one."""

PATIENCE = 10.0
"""The same for all other replies."""

CHAT_PATH = "/webhooks"


class GuardedOutput(CollectingOutputChannel):
    """Collects what Rasa says, less what the guard has said already.

    Rasa still records every message in its tracker; only the user is spared the second copy.
    """

    def __init__(self, sender: str) -> None:
        super().__init__()
        self._sender = sender
        self.said: set[str] = set()
        self.queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    @classmethod
    def name(cls) -> str:
        return "rest"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Queue a message of Rasa's (see base class)."""
        action = message.pop("utter_action", None) or "an answer"
        if action in self.said and action.startswith("utter_"):
            return
        self.said.add(action)
        for part in self._shaped(message):
            self.queue.put_nowait(part)

    def say(self, action: str, heard: Heard) -> list[dict[str, Any]]:
        """Return the words of an action as the guard says them, in the shape of the REST channel."""
        self.said.add(action)
        return self._shaped(wire.safe_reply(action, heard))

    def missing(self, heard: Heard) -> list[dict[str, Any]]:
        """Return what the level calls for and nobody said; a useful sentence when nothing was said at all."""
        left = [action for action in wire.spoken_actions(heard.level) if action not in self.said]
        messages = [message for action in left for message in self.say(action, heard)]
        if not self.said:
            messages = self.say("utter_no_answer", heard)
        return messages

    def drain(self) -> list[dict[str, Any]]:
        """Return what was queued."""
        messages = []
        while not self.queue.empty():
            message = self.queue.get_nowait()
            if message is not None:
                messages.append(message)
        return messages

    def _shaped(self, reply: dict[str, Any]) -> list[dict[str, Any]]:
        shaped = []
        if reply.get("text"):
            words = {"recipient_id": self._sender, "text": reply["text"]}
            shaped.append({**words, "buttons": reply["buttons"]} if reply.get("buttons") else words)
        if reply.get("custom"):
            shaped.append({"recipient_id": self._sender, "custom": reply["custom"]})
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
        routes = Blueprint("rest_webhook")

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
            return response.empty(headers=_cors(request))

        @routes.listener("before_server_start")
        async def answer_errors(app: Sanic, _: Any) -> None:
            app.error_handler.add(Exception, error_reply)

        return routes

    async def _receive(self, request: Request, on_new_message: OnNewMessage) -> HTTPResponse | None:
        body = await _body(request)
        if not _is_authorised(request):
            return _refuse(request, Refusal(401, "This path asks for 'Authorization: Bearer <token>'.", {}))
        incoming = parse(body)
        if isinstance(incoming, Refusal):
            return _refuse(request, incoming)
        is_streamed = request.args.get("stream", "").lower() in ("true", "1", "yes")
        reply = self._replies.find(incoming.sender, incoming.message_id)
        if reply is None:
            reply = self._replies.begin(incoming.sender, incoming.message_id)
            heard = await self._guard.hear(incoming, _slot_reader(request.app))
            output = GuardedOutput(incoming.sender)
            come = self._as_they_come if is_streamed else self._at_the_end
            # In a task of its own: who breaks off and asks again gets what was said meanwhile.
            filling = asyncio.create_task(reply.fill(come(incoming, heard, output, on_new_message)))
            self._turns.add(filling)
            filling.add_done_callback(self._turns.discard)
        if is_streamed:
            await self._stream(request, reply)
            return None
        return _json([message async for message in reply.follow()], headers=_cors(request))

    async def _stream(self, request: Request, reply: Reply) -> None:
        stream = await request.respond(
            content_type="text/event-stream; charset=utf-8",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no", **_cors(request)},
        )
        async for message in reply.follow():
            await stream.send(json.dumps(message) + "\n")
        await stream.eof()

    async def _delete(self, request: Request) -> HTTPResponse:
        """Delete a conversation: what the guard holds, the tracker, and its rows in the file."""
        body = await _body(request)
        if not _is_authorised(request):
            return _refuse(request, Refusal(401, "This path asks for 'Authorization: Bearer <token>'.", {}))
        sender = parse_sender(body)
        if isinstance(sender, Refusal):
            return _refuse(request, sender)
        agent = request.app.ctx.agent
        async with agent.lock_store.lock(sender):  # a turn under way would write it anew
            self._guard.forget(sender)
            self._replies.forget(sender)
            is_gone = await delete_tracker(agent.tracker_store, sender)
        if not is_gone:
            return _refuse(request, Refusal(503, "The conversation could not be deleted; try again.", {}))
        return _json({"deleted": True}, headers=_cors(request))

    async def _at_the_end(
        self, incoming: Incoming, heard: Heard, output: GuardedOutput, on_new_message: OnNewMessage
    ) -> AsyncIterator[dict[str, Any]]:
        for message in await self._all_at_once(incoming, heard, output, on_new_message):
            yield message

    async def _all_at_once(
        self, incoming: Incoming, heard: Heard, output: GuardedOutput, on_new_message: OnNewMessage
    ) -> list[dict[str, Any]]:
        first = output.say(f"utter_{heard.level}", heard) if heard.is_grave else []
        turn = self._start(incoming, heard, output, on_new_message)
        await asyncio.wait({turn}, timeout=GRAVE_PATIENCE if heard.is_grave else PATIENCE)
        return first + output.drain() + output.missing(heard)

    async def _as_they_come(
        self, incoming: Incoming, heard: Heard, output: GuardedOutput, on_new_message: OnNewMessage
    ) -> AsyncIterator[dict[str, Any]]:
        if heard.is_grave:
            for message in output.say(f"utter_{heard.level}", heard):
                yield message
        self._start(incoming, heard, output, on_new_message)
        now = asyncio.get_running_loop().time
        end = now() + PATIENCE
        care_by = now() + GRAVE_PATIENCE if heard.is_grave else end
        while True:
            try:
                message = await asyncio.wait_for(output.queue.get(), max(0.0, min(care_by, end) - now()))
            except asyncio.TimeoutError:
                if care_by >= end:
                    break
                care_by = end  # Rasa may still answer; the care does not wait for it
                for late in output.missing(heard):
                    yield late
                continue
            if message is None:
                break
            yield message
        for message in output.missing(heard):
            yield message

    def _start(
        self, incoming: Incoming, heard: Heard, output: GuardedOutput, on_new_message: OnNewMessage
    ) -> asyncio.Task[None]:
        """Begin Rasa's turn; it goes on when the request has been answered or the client is gone."""
        message = UserMessage(
            without_slash(incoming.text)[:LONGEST_TEXT],
            output,
            incoming.sender,
            input_channel=self.name(),
            message_id=uuid.uuid4().hex,
            metadata=dict(incoming.metadata),
        )
        if heard.triage:
            keep_verdict(message.message_id, heard.triage)
        turn: asyncio.Task[None] = asyncio.create_task(_turn(on_new_message, message, output))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return turn


async def _turn(on_new_message: OnNewMessage, message: UserMessage, output: GuardedOutput) -> None:
    try:
        await on_new_message(message)
    except Exception as error:  # the guard completes the reply
        logger.error("A turn failed: %s.", type(error).__name__)
        logger.debug("The turn failed here.", exc_info=True)
    finally:
        output.queue.put_nowait(None)


async def _body(request: Request) -> bytes:
    """Read the body, and no more of it than the limit and one chunk."""
    body = bytearray()
    assert request.stream is not None
    async for chunk in request.stream:
        body += chunk
        if len(body) > LARGEST_BODY:
            break
    return bytes(body)


def _is_authorised(request: Request) -> bool:
    token = settings.rest_token()
    shown = request.headers.get("authorization", "")
    return not token or hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())


def _refuse(request: Request, refusal: Refusal) -> HTTPResponse:
    return _json(refusal.body(), refusal.status, _cors(request))


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return response.json(body, status=status, headers=kept, dumps=json.dumps)


def _cors(request: Request) -> dict[str, str]:
    """Return the headers that let a page of another site read the reply: none unless its site is named."""
    origin = request.headers.get("origin", "")
    if not origin or origin not in settings.widget_origins():
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type",
        "Access-Control-Max-Age": "600",
        "Vary": "Origin",
    }


async def delete_tracker(store: Any, sender: str) -> bool:
    """Delete a conversation from Rasa's store or the one that it wraps; say whether it is gone."""
    store = getattr(store, "_tracker_store", store)
    if not hasattr(store, "delete"):
        return False
    return bool(await store.delete(sender))


def _slot_reader(app: Sanic) -> Callable[[str], Awaitable[dict[str, Any] | None]]:
    async def read(sender: str) -> dict[str, Any] | None:
        store = app.ctx.agent.tracker_store
        slots: dict[str, Any] | None = await getattr(store, "_tracker_store", store).latest_slots(sender)
        return slots

    return read


def error_reply(request: Request, error: Exception) -> HTTPResponse | None:
    """Answer an error on a chat path with the emergency sentence; other paths get Sanic's own page."""
    if request is None or not request.path.startswith(CHAT_PATH):
        return None
    status = getattr(error, "status_code", 500) if isinstance(error, SanicException) else 500
    if status >= 500:
        logger.error("A request failed: %s.", type(error).__name__)
        logger.debug("The request failed here.", exc_info=error)
    reason = str(error) if status < 500 else "Something went wrong on our side."
    return _json(refusal_body(reason), status, _cors(request))
