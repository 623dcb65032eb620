"""What a load balancer and a monitor ask: ``/health/live``, ``/health/ready`` and ``/metrics``.

Ready means that a synthetic emergency, taken through the same steps as a user's, comes back as emergency
words with a number. It is asked in a conversation that is never stored, and not again for some seconds.
Parts that may fail while emergencies are still answered (actions, stores) make the bot degraded, not unready.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import time
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant import metrics, settings, wire
from assistant.conversation import Conversation, hear

EMERGENCY = "he is not breathing"
QUESTION = "What is baclofen?"

KEPT = 5.0
"""Seconds for which an answer stands: a crowd of probes costs one turn."""

REST = 30.0
"""Seconds until actions that failed are asked again: an action that hangs holds a thread each time."""

PATIENCE = 1.0
"""Seconds that a synthetic message may take."""


@dataclass(frozen=True)
class Health:
    """What works.

    Attributes:
        faults: what keeps the bot from answering an emergency; none when it is ready.
        degraded: parts that are down while emergencies are still answered.
    """

    faults: tuple[str, ...]
    degraded: tuple[str, ...]


class Probe:
    """Asks the bot, and keeps what came back for a moment."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._health = Health((), ())
        self._until = 0.0
        self._actions_fail_until = 0.0

    async def health(self, agent: Any) -> Health:
        """Return how the bot is, asked anew when the last answer is too old."""
        async with self._lock:
            if time.monotonic() >= self._until:
                self._health = await self._ask(agent)
                self._until = time.monotonic() + KEPT
                metrics.ready(not self._health.faults, len(self._health.degraded))
        return self._health

    async def _ask(self, agent: Any) -> Health:
        faults = [*_guard_faults()]
        if agent is None or not agent.is_ready():
            return Health((*faults, "no model is loaded"), tuple(metrics.stores_down()))
        said = await _said(agent, EMERGENCY)
        if not any(any(c.isdigit() for c in text) for text in said):
            faults.append("a synthetic emergency got no emergency words")
        degraded = metrics.stores_down()
        if not await self._actions_answer(agent):
            degraded.append("actions")
        return Health(tuple(faults), tuple(degraded))

    async def _actions_answer(self, agent: Any) -> bool:
        if time.monotonic() < self._actions_fail_until:
            return False
        said = await _said(agent, QUESTION)
        heard = hear(QUESTION, Conversation())
        helpless = {wire.safe_reply("utter_no_answer", heard).get("text")}
        if said and not helpless & set(said):
            return True
        self._actions_fail_until = time.monotonic() + REST
        return False


def _guard_faults() -> list[str]:
    heard = hear(EMERGENCY, Conversation())
    if heard.triage is None or heard.level != "emergency":
        return ["the triage does not recognise an emergency"]
    if not any(c.isdigit() for c in wire.safe_reply("utter_emergency", heard).get("text", "")):
        return ["the emergency words hold no number"]
    return []


async def _said(agent: Any, text: str) -> list[str]:
    """Return the texts that a whole turn says; none when it fails or takes too long."""
    output = CollectingOutputChannel()
    message = UserMessage(text, output, "probe")
    tracker = DialogueStateTracker("probe", agent.processor.domain.slots)

    async def turn() -> None:
        await agent.processor._update_tracker_session(tracker, output)
        await agent.processor._handle_message_with_tracker(message, tracker)
        await agent.processor._run_prediction_loop(output, tracker)

    with contextlib.suppress(Exception):  # whatever it is: what was said is what counts
        await asyncio.wait_for(turn(), PATIENCE)
    return [m["text"] for m in output.messages if m.get("text")]


def routes() -> Blueprint:
    """Return the routes of ``/health`` and ``/metrics``."""
    health = Blueprint("health")
    probe = Probe()

    @health.route("/health/live", methods=["GET"])
    async def live(_: Request) -> HTTPResponse:
        return response.json({"status": "live"})

    @health.route("/health/ready", methods=["GET"])
    async def ready(request: Request) -> HTTPResponse:
        found = await probe.health(getattr(request.app.ctx, "agent", None))
        status = "not ready" if found.faults else "degraded" if found.degraded else "ready"
        body = {"status": status, "faults": found.faults, "degraded": found.degraded}
        return response.json(body, status=503 if found.faults else 200)

    @health.route("/metrics", methods=["GET"])
    async def figures(request: Request) -> HTTPResponse:
        token, shown = settings.metrics_token(), request.headers.get("authorization", "")
        if token and not hmac.compare_digest(shown.encode(), f"Bearer {token}".encode()):
            return response.json({"error": "This path asks for 'Authorization: Bearer <token>'."}, status=401)
        await probe.health(getattr(request.app.ctx, "agent", None))  # what it shows of readiness is true now
        body, kind = await asyncio.to_thread(metrics.page)
        return response.raw(body, content_type=kind)

    return health
