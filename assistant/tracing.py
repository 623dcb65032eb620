"""OpenTelemetry spans of a turn, sent where ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set; else nothing is loaded.

A turn has the spans ``guard``, ``nlu``, ``policy``, ``action`` and ``send``. Their attributes are levels,
channels and names of our own actions; neither text nor sender. The official library reads its own variables
(``OTEL_SERVICE_NAME``, ``OTEL_EXPORTER_OTLP_HEADERS``, ``OTEL_TRACES_SAMPLER`` …).
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

from assistant import settings

ROOT_SPAN = "turn"

STEPS = {
    "parse_message": "nlu",
    "_predict_next_with_tracker": "policy",
    "_run_action": "action",
    "_send_bot_messages": "send",
}
"""Methods of Rasa's processor, and the spans that they are shown as."""

_tracer: Any = None
_provider: Any = None


def install() -> None:
    """Begin to send spans, where an endpoint is set; call it before the first message."""
    global _tracer, _provider
    if not settings.text("OTEL_EXPORTER_OTLP_ENDPOINT") or _tracer is not None:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from rasa.core.processor import MessageProcessor

    # What the variables say of the service counts; the name is the one when they say none.
    name = Resource.create({SERVICE_NAME: settings.text("OTEL_SERVICE_NAME") or "baclofen"})
    _provider = TracerProvider(resource=name)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("baclofen")
    for method, step in STEPS.items():
        made = inspect.getattr_static(MessageProcessor, method)
        if isinstance(made, staticmethod):
            setattr(MessageProcessor, method, staticmethod(_shown(made.__func__, step)))
        else:
            setattr(MessageProcessor, method, _shown(made, step))


def close() -> None:
    """Send what is left."""
    if _provider is not None:
        _provider.shutdown()


@contextlib.contextmanager
def span(name: str, **attributes: str) -> Iterator[None]:
    """Show a piece of work as a span below the one that is current; costs nothing when nobody looks."""
    if _tracer is None:
        yield
        return
    # The text of an exception may quote a message: only its type is told.
    with _tracer.start_as_current_span(
        name, attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as current:
        try:
            yield
        except BaseException as error:
            current.set_attribute("error.type", type(error).__name__)
            raise


def _shown(method: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a method that is shown as a span."""
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def awaited(*args: Any, **kwargs: Any) -> Any:
            with span(name, **_action(name, args, kwargs)):
                return await method(*args, **kwargs)

        return awaited

    @functools.wraps(method)
    def called(*args: Any, **kwargs: Any) -> Any:
        with span(name):
            return method(*args, **kwargs)

    return called


def _action(step: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, str]:
    """Return the name of the action that runs: one of domain.yml or of Rasa's."""
    if step != "action":
        return {}
    return {"action": str((kwargs["action"] if "action" in kwargs else args[1]).name())}


class Trace:
    """The spans of one message; does nothing when nobody looks."""

    def __init__(self, channel: str) -> None:
        self._began = time.time_ns()
        self._channel = channel
        self._root: Any = None

    def heard(self, level: str, readers: str) -> None:
        """Begin the turn, with the guard's part of it behind it."""
        if _tracer is None:
            return
        from opentelemetry.trace import set_span_in_context

        self._root = _tracer.start_span(
            ROOT_SPAN,
            start_time=self._began,
            attributes={"channel": self._channel, "level": level, "readers": readers},
        )
        guard = _tracer.start_span("guard", set_span_in_context(self._root), start_time=self._began)
        guard.end()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Make the turn the current span, and end it."""
        if self._root is None:
            yield
            return
        from opentelemetry.trace import use_span

        with use_span(self._root, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            yield
