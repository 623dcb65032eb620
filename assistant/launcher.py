"""``python -m assistant serve``: ``rasa run`` in a quarter of its time and memory, without its noise.

It goes on without a model, since the guard still knows the emergency words.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import ahead, logs, settings, tracing
from assistant.channels import variables
from assistant.light import leave_out, unused
from assistant.quiet import one_thread, silence
from assistant.security import start
from baclofen.paths import DATA, MODELS, ROOT

if TYPE_CHECKING:
    from rasa.core.agent import Agent
    from rasa.core.utils import AvailableEndpoints
    from sanic import Sanic

LONGEST_GOODBYE = 2.5
"""Seconds after Ctrl-C until the process ends, whatever is still under way."""

WARM_UP = ("What is baclofen?", "can you overdose on it", "he is not breathing", "mumble mumble")
"""The last one is understood by nothing: what looks for the nearest questions reads all answers once, and
until then, some seconds, it would hold up everybody."""

SWITCH = 0.001
"""Seconds for which a thread beside, such as one that hears a long text, may keep the interpreter.

The loop waits for it after every send and every sentence encoded: at Python's own 5 ms that adds up.
"""

BACKLOG = 2048
"""Connections that wait to be taken: one that finds no room is tried again only a second later."""

LARGEST_REQUEST = 1024 * 1024
"""Bytes that are read from a client at all; the chat paths have a smaller limit of their own."""


def newest_model(folder: Path = MODELS) -> Path | None:
    """Return the model that was trained last, None when there is none."""
    return max(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, default=None)


def serve() -> int:
    """Serve until Ctrl-C or SIGTERM; return the exit code."""
    os.chdir(ROOT)
    try:
        settings.check_servers()
        start.check_settings()
        listener = listen(settings.host(), settings.port())
        settings.retention_hours(), settings.review_days()
    except (ValueError, OSError) as error:
        print(_cannot_listen(error), file=sys.stderr)
        return 1
    _stop_at_once_while_loading()
    one_thread()
    sys.setswitchinterval(SWITCH)
    files = "".join((ROOT / name).read_text("utf-8") for name in ("credentials.yml", "endpoints.yml"))
    if settings.redis_url():
        files += "\nredis"
    leave_out([name for name in unused(files) if name not in variables.libraries()])
    silence()
    logs.configure()
    tracing.install()
    model = newest_model()
    if model is None:
        logs.say(
            "There is no model yet, so only emergencies are answered. Train one: make train", logging.WARNING
        )
    app = build_app(model)
    app.run(sock=listener, access_log=False, motd=False, debug=False, backlog=BACKLOG)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # an action that still hangs in its thread must not keep the process


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises:
        OSError: the port is taken, or the address is not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def _cannot_listen(error: Exception) -> str:
    if isinstance(error, OSError):
        return (
            f"Cannot serve on {settings.host()}:{settings.port()}: {error.strerror}. "
            "Choose another port, for example: PORT=5006 make run"
        )
    return str(error)


def build_app(model: Path | None) -> Sanic:
    """Return the web application: channels, page, health, and the agent loaded on start."""
    from rasa.core.channels.channel import register
    from rasa.core.run import create_http_input_channels
    from sanic import Sanic

    from assistant import health, metrics, pages, retention

    app = Sanic("baclofen", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 1.0
    app.config.REQUEST_TIMEOUT = 10  # seconds for a request's head; a body has as long
    app.config.RESPONSE_TIMEOUT = 60
    app.config.KEEP_ALIVE_TIMEOUT = 60
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.blueprint(pages.routes())
    app.blueprint(health.routes())
    metrics.prepare()
    metrics.build(model, DATA)
    register(create_http_input_channels(None, str(ROOT / "credentials.yml")), app, "/webhooks/")

    @app.listener("before_server_start")
    async def load(app: Sanic, _: Any) -> None:
        app.ctx.agent = await load_agent(model)
        await warm_up(app.ctx.agent)
        pass_over()

    @app.listener("after_server_start")
    async def forget_old(app: Sanic, _: Any) -> None:
        store, hours = app.ctx.agent.tracker_store, settings.retention_hours()
        app.ctx.forgetting = asyncio.create_task(retention.keep_deleting(hours, store))

    @app.listener("after_server_start")
    async def say_ready(app: Sanic, _: Any) -> None:
        host = settings.host()
        shown = f"[{host}]" if ":" in host else host
        for complaint in filter(None, [*variables.complaints(), start.warning(host)]):
            print(complaint, file=sys.stderr)
        on = variables.names_on()
        if on:
            print(f"Messaging channels that are on: {', '.join(on)}.")
        logs.say(f"Open http://{shown}:{settings.port()}/  -  stop with Ctrl-C")
        ahead.begin()

    @app.listener("before_server_stop")
    async def hurry(app: Sanic, _: Any) -> None:
        _end_in_time()

    @app.listener("after_server_stop")
    async def close(app: Sanic, _: Any) -> None:
        agent = app.ctx.agent
        with contextlib.suppress(Exception):
            if agent.tracker_store.event_broker:
                await agent.tracker_store.event_broker.close()
        with contextlib.suppress(Exception):
            await agent.lock_store.close()
        with contextlib.suppress(Exception):
            agent.tracker_store._tracker_store.close()
        tracing.close()

    return app


async def load_agent(model: Path | None) -> Agent:
    """Return the agent, with no model when there is none or it cannot be read."""
    from rasa.core.agent import Agent
    from rasa.core.brokers.broker import EventBroker
    from rasa.core.lock_store import LockStore
    from rasa.core.tracker_store import TrackerStore

    from assistant.security.models import verify_before_loading
    from assistant.speed import speed_up

    speed_up()
    verify_before_loading()
    endpoints = read_endpoints()
    broker = await EventBroker.create(endpoints.event_broker)
    agent = Agent(
        generator=endpoints.nlg,
        tracker_store=TrackerStore.create(endpoints.tracker_store, event_broker=broker),
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action,
    )
    if model is not None:
        try:
            agent.load_model(model)
        except Exception as error:
            logs.say(
                f"The model {model.name} cannot be loaded ({error}). Train again: make train", logging.WARNING
            )
    return agent


def read_endpoints() -> AvailableEndpoints:
    """Return endpoints.yml, with the actions in this process unless ACTION_ENDPOINT_URL names a server."""
    from rasa.core.utils import AvailableEndpoints

    from assistant.in_process_actions import InProcessActions
    from assistant.remote_actions import RemoteActions

    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    url, package = settings.action_endpoint_url(), settings.actions_package()
    endpoints.action = RemoteActions(url, package) if url else InProcessActions(package)
    return endpoints


async def warm_up(agent: Agent) -> None:
    """Take messages through a whole turn without keeping them: the first ones are many times slower."""
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.shared.core.trackers import DialogueStateTracker

    from assistant import wire
    from assistant.conversation import Conversation, hear
    from baclofen import wording

    for text in WARM_UP:
        heard = hear(text, Conversation())
        for action in wire.spoken_actions(heard.level):
            wire.safe_reply(action, heard)
    for language in wording.languages():
        wire.safe_reply("utter_emergency", hear(WARM_UP[0], Conversation(asked=language)))
    with contextlib.suppress(Exception):
        async with agent.lock_store.lock("warm-up"):  # the first one connects, and others would overtake it
            pass
    processor = agent.processor
    if processor is None:
        return
    for text in WARM_UP:
        message = UserMessage(text, CollectingOutputChannel(), "warm-up")
        tracker = DialogueStateTracker("warm-up", processor.domain.slots)
        with contextlib.suppress(Exception):
            await processor._update_tracker_session(tracker, message.output_channel)
            await processor._handle_message_with_tracker(message, tracker)
            await processor._run_prediction_loop(message.output_channel, tracker)


def pass_over() -> None:
    """Have the collector of garbage pass over all that is there now: models, lexicons, libraries stay anyway.

    To look through their 740,000 objects holds up everybody for 0.4 s of the processor, every so often.
    """
    gc.collect()
    gc.freeze()


def _stop_at_once_while_loading() -> None:
    """Until the server runs there is nothing to wind up; it puts its own handlers in the place of these."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: os._exit(0))


def _end_in_time() -> None:
    """End the process a moment from now, whatever the server still waits for."""
    timer = threading.Timer(LONGEST_GOODBYE, os._exit, [0])
    timer.daemon = True
    timer.start()
