"""From the figures to a day's messages: plain arithmetic, so that each number of the page can be followed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DAY_S = 86_400
MESSAGES_A_DAY = 10_000_000
PEAK = 3.0
"""Assumed: the busiest minute has so many times the messages of an even one."""

BUSY = 0.6
"""Assumed: a core is planned to be busy for this share of the time; queues grow long beyond."""

HELD_HOURS = 24.0
"""The default of RETENTION_HOURS."""

DEFAULT_CONNECTIONS = 100
"""PostgreSQL's own limit unless it is told otherwise."""


@dataclass(frozen=True)
class Cost:
    """What a message costs.

    Attributes:
        bot_ms: processor time of the bots; stores_ms: of Redis and PostgreSQL together.
        table_bytes: that stay until they are deleted; wal_bytes: that are written to PostgreSQL's log.
        transactions: of PostgreSQL; redis_commands: of Redis.
        connections: to PostgreSQL of one bot.
        bot_mib: memory of one bot.
    """

    bot_ms: float
    stores_ms: float
    table_bytes: float
    wal_bytes: float
    transactions: float
    redis_commands: float
    connections: float
    bot_mib: float


@dataclass(frozen=True)
class Need:
    """What so many messages a day need."""

    average: float
    peak: float
    bots: int
    memory_gib: float
    store_cores: float
    disk_gib: float
    log_mib_s: float
    transactions_s: float
    commands_s: float
    connections: int

    def limits(self) -> list[tuple[str, float]]:
        """Return what a day's messages come to as shares of one piece of each part, the fullest first.

        Above 1 the part has to be more than one, or set up in another way than it comes.
        """
        shares = [
            ("one bot (one core)", self.bots),
            ("PostgreSQL's 100 connections", self.connections / DEFAULT_CONNECTIONS),
            ("one core for both stores", self.store_cores),
        ]
        return sorted(((name, float(share)) for name, share in shares), key=lambda one: -one[1])


def need(cost: Cost, a_day: float = MESSAGES_A_DAY, peak: float = PEAK, busy: float = BUSY) -> Need:
    """Return what so many messages a day need.

    Raises:
        ValueError: a core cannot be busy for that share.
    """
    if not 0 < busy <= 1:
        raise ValueError("A core is busy for a share above 0 and at most 1.")
    average = a_day / DAY_S
    highest = average * peak
    bots = math.ceil(highest * cost.bot_ms / 1000 / busy)
    return Need(
        average=average,
        peak=highest,
        bots=bots,
        memory_gib=bots * cost.bot_mib / 1024,
        store_cores=highest * cost.stores_ms / 1000 / busy,
        disk_gib=a_day * HELD_HOURS / 24 * cost.table_bytes / 2**30,
        log_mib_s=highest * cost.wal_bytes / 2**20,
        transactions_s=highest * cost.transactions,
        commands_s=highest * cost.redis_commands,
        connections=math.ceil(bots * cost.connections),
    )


def cost_of(
    cell: Mapping[str, float],
    stored: Sequence[Mapping[str, float]],
    messages: float,
    size: int,
    bot_mib: float,
) -> Cost:
    """Return the cost of a message.

    Args:
        cell: what was found with the processes that the plan is made for.
        stored: what the stores held and had done before and after so many messages.
        size: bots that were connected.
    """
    before, after = stored
    each = {name: (after[name] - before[name]) / messages for name in before}
    return Cost(
        bot_ms=cell["processor_ms"],
        stores_ms=cell["stores_ms"],
        table_bytes=each["table_bytes"],
        wal_bytes=each["wal_bytes"],
        transactions=each["transactions"],
        redis_commands=each["redis_commands"],
        connections=after["connections"] / size,
        bot_mib=bot_mib,
    )
