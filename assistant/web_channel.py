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
from assistant.guard import LARGEST_BODY, LONGEST_TEXT, Guard, Incoming, Refusal, parse, refusal_body
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
    """``POST /webhooks/rest/webhook``, plain or with ``?stream=true``."""

    def __init__(self) -> None:
        self._guard = Guard()
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

        @routes.listener("before_server_start")
        async def answer_errors(app: Sanic, _: Any) -> None:
            app.error_handler.add(Exception, error_reply)

        return routes

    async def _receive(self, request: Request, on_new_message: OnNewMessage) -> HTTPResponse | None:
        body = await _body(request)
        if not _is_authorised(request):
            return _refuse(Refusal(401, "This path asks for 'Authorization: Bearer <token>'.", {}))
        incoming = parse(body)
        if isinstance(incoming, Refusal):
            return _refuse(incoming)
        heard = await self._guard.hear(incoming, _slot_reader(request.app))
        output = GuardedOutput(incoming.sender)
        if request.args.get("stream", "").lower() in ("true", "1", "yes"):
            stream = await request.respond(
                content_type="text/event-stream; charset=utf-8",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )
            async for message in self._as_they_come(incoming, heard, output, on_new_message):
                await stream.send(json.dumps(message) + "\n")
            await stream.eof()
            return None
        messages = await self._all_at_once(incoming, heard, output, on_new_message)
        return _json(messages)

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


def _refuse(refusal: Refusal) -> HTTPResponse:
    return _json(refusal.body(), refusal.status)


def _json(body: Any, status: int = 200) -> HTTPResponse:
    return response.json(body, status=status, headers={"Cache-Control": "no-store"}, dumps=json.dumps)


def _slot_reader(app: Sanic) -> Callable[[str], Awaitable[dict[str, Any] | None]]:
    async def read(sender: str) -> dict[str, Any] | None:
        tracker = await app.ctx.agent.tracker_store.retrieve(sender)
        return tracker.current_slot_values() if tracker else None

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
    return _json(refusal_body(reason), status)
