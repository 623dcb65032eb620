"""Sends the webhooks at a steady pace and takes the times."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.channels.plan import Call
from benchmarks.channels.vendors import Vendors

SETTLE = 3.0
"""Seconds without another message until all answers count as sent."""

LONGEST_SETTLE = 60.0


@dataclass(frozen=True)
class Outcome:
    """What the bot said to one webhook.

    Attributes:
        status: of HTTP; 0 when it did not answer.
        ack_ms: until the acknowledgement was complete, in milliseconds.
        begin: when it was sent, in seconds of ``time.monotonic``.
    """

    call: Call
    status: int
    ack_ms: float
    begin: float


async def drive(
    vendors: Vendors, calls: Sequence[Call], per_second: float, settled: float = SETTLE
) -> list[Outcome]:
    """Send each call when it is due, whether earlier ones are answered or not; wait for all answers.

    Args:
        settled: seconds without another message until all answers count as sent.
    """
    start = time.monotonic() + 0.1

    async def one(place: int, call: Call) -> Outcome:
        await asyncio.sleep(max(0.0, start + place / per_second - time.monotonic()))
        return await send(vendors, call)

    found = await asyncio.gather(*(one(place, call) for place, call in enumerate(calls)))
    await settle(vendors, settled)
    return list(found)


async def burst(vendors: Vendors, first: Sequence[Call], then: Sequence[Call], gap: float) -> list[Outcome]:
    """Send all of the first calls at once and the others ``gap`` seconds later; wait for all answers."""

    async def late(call: Call) -> Outcome:
        await asyncio.sleep(gap)
        return await send(vendors, call)

    found = await asyncio.gather(*(send(vendors, call) for call in first), *(late(call) for call in then))
    await settle(vendors)
    return list(found)


async def send(vendors: Vendors, call: Call) -> Outcome:
    """Send one call."""
    webhook = vendors.webhook(call)
    begin = time.monotonic()
    answer = await vendors.by_channel[call.channel].post(webhook)
    return Outcome(call, answer.status, answer.seconds * 1000, begin)


async def settle(vendors: Vendors, seconds: float = SETTLE) -> None:
    """Wait until the bot sends nothing more."""
    end_at = time.monotonic() + LONGEST_SETTLE
    seen, since = vendors.count(), time.monotonic()
    while time.monotonic() < min(end_at, since + seconds):
        await asyncio.sleep(0.05)
        if vendors.count() != seen:
            seen, since = vendors.count(), time.monotonic()
