"""Tickets in Redis: which process may work on a conversation now, in the order in which messages came.

Rasa's own Redis locks read and write in two steps, so that two processes can draw the same number
(https://github.com/RasaHQ/rasa/issues/9213). Here each step is one script, which Redis runs alone.

A conversation has a list with the names of processes, a place for every message, and a hash that says until
when each process counts as alive. Within its places, a process keeps the order of its messages itself.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

PATIENCE = 0.25
"""How long a turn waits for Redis, in seconds."""

LEASE_SECONDS = 3.0
"""After this time without a sign of life, the places of a process are given up."""

_BEGIN = """
local places, leases, me, lease = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', leases, me, now + lease)
"""
_END = """
redis.call('PEXPIRE', places, 20 * lease)
redis.call('PEXPIRE', leases, 20 * lease)
"""
_JOIN = f"{_BEGIN} local count = redis.call('RPUSH', places, me) {_END} return count == 1 and 1 or 0"
_ASK = f"""{_BEGIN}
if not redis.call('LPOS', places, me) then redis.call('RPUSH', places, me) end -- Redis has lost the list
local first = redis.call('LINDEX', places, 0)
while first ~= me and tonumber(redis.call('HGET', leases, first) or 0) < now do
    redis.call('LREM', places, 0, first)
    redis.call('HDEL', leases, first)
    first = redis.call('LINDEX', places, 0)
end
{_END}
return first == me and 1 or 0
"""
_LEAVE = """
if ARGV[2] == 'all' then
    redis.call('LREM', KEYS[1], 0, ARGV[1])
    redis.call('HDEL', KEYS[2], ARGV[1])
else
    redis.call('LREM', KEYS[1], tonumber(ARGV[2]), ARGV[1])
end
return 1
"""


class Tickets:
    """The places of this process in the lists of all conversations.

    Args:
        url: address of Redis, ``redis://:password@host:port/0``.

    Attributes:
        errors: what every method raises when Redis does not answer in time.
    """

    errors = (OSError, RedisError, asyncio.TimeoutError)

    def __init__(self, url: str) -> None:
        self._redis: Redis[str] = Redis.from_url(
            url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
        )
        self._me = uuid.uuid4().hex
        self._join = self._redis.register_script(_JOIN)
        self._ask = self._redis.register_script(_ASK)
        self._leave = self._redis.register_script(_LEAVE)

    async def join(self, conversation: str) -> bool:
        """Take a place at the end of the list; say whether it is the only one, and so the first."""
        return bool(await self._run(self._join, conversation, int(LEASE_SECONDS * 1000)))

    async def is_first(self, conversation: str) -> bool:
        """Say whether the first place is ours; this is a sign of life as well."""
        return bool(await self._run(self._ask, conversation, int(LEASE_SECONDS * 1000)))

    async def leave(self, conversation: str, is_last: bool, was_first: bool) -> bool:
        """Give up a place: all of them when no message is left here, else the first or the last one."""
        return bool(await self._run(self._leave, conversation, "all" if is_last else 1 if was_first else -1))

    async def close(self) -> None:
        """Close all connections."""
        await self._redis.close()

    async def _run(self, script: Any, conversation: str, value: object) -> Any:
        # Redis holds no sender by name: some are phone numbers.
        name = hashlib.sha256(conversation.encode("utf-8", "replace")).hexdigest()[:32]
        keys = [f"baclofen:{{{name}}}:places", f"baclofen:{{{name}}}:leases"]
        return await asyncio.wait_for(script(keys=keys, args=[self._me, value]), PATIENCE)
