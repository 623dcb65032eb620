"""How many messages a minute one sender, and one network address, may send."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable

REMEMBERED = 20_000
"""Senders or addresses that are remembered, the latest ones."""

MINUTE = 60.0


class Rate:
    """A bucket for each name that fills again at so many a minute.

    Args:
        per_minute: also how many may come at once; 0 sets no limit.
    """

    def __init__(self, per_minute: int, size: int = REMEMBERED) -> None:
        self._per_minute = per_minute
        self._size = size
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, name: str, now: float | None = None) -> bool:
        """Count a message and say whether it is within the limit; an empty name has none."""
        if not self._per_minute or not name:
            return True
        moment = time.monotonic() if now is None else now
        left, at = self._left.get(name, (float(self._per_minute), moment))
        left = min(self._per_minute, left + (moment - at) * self._per_minute / MINUTE)
        is_taken = left >= 1
        self._left[name] = (left - is_taken, moment)
        self._left.move_to_end(name)
        while len(self._left) > self._size:
            self._left.popitem(last=False)
        return is_taken

    @property
    def seconds(self) -> int:
        """After how many seconds the next message is taken."""
        return max(1, round(MINUTE / self._per_minute)) if self._per_minute else 0


class Limits:
    """The limits of one channel.

    Attributes:
        counts: ``sender`` and ``address``: messages beyond the limit of either.
    """

    def __init__(self, per_sender: int, per_address: int = 0) -> None:
        self._sender = Rate(per_sender)
        self._address = Rate(per_address)
        self.counts: Counter[str] = Counter()

    def exceeded_by(self, sender: str, address: str = "") -> int:
        """Count a message; return 0 when it is within the limits, else the seconds to wait."""
        for name, rate, key in (("address", self._address, address), ("sender", self._sender, sender)):
            if not rate.takes(key):
                self.counts[name] += 1
                return rate.seconds
        return 0


def address_of(peer: str, forwarded: str, trusted: Iterable[str]) -> str:
    """Return whom a request counts for; empty for a program on this machine, which no limit holds.

    ``X-Forwarded-For`` is read from its end, for only a trusted proxy can have written what stands there.
    A whole /64 counts as one where addresses are long: that is what one customer gets.

    Args:
        peer: the address that the connection comes from.
        forwarded: the header.
        trusted: addresses and networks of our own proxies.
    """
    networks = [network for text in trusted if (network := _network(text))]
    address = _address(peer)
    for hop in reversed(forwarded.split(",")):
        if address is None or not any(address in n for n in networks if n.version == address.version):
            break
        address = _address(hop) or address
    if address is None:
        return peer
    if address.is_loopback:
        return ""
    if address.version == 6:
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
