"""How many messages are taken from whom."""

from __future__ import annotations

import pytest

from assistant.overload.limits import Limits, Rate, address_of


def test_so_many_a_minute_are_taken_and_then_no_more_until_time_has_passed() -> None:
    rate = Rate(6)
    assert [rate.takes("anna", 0.0) for _ in range(8)] == [True] * 6 + [False] * 2
    assert not rate.takes("anna", 5.0)
    assert rate.takes("anna", 20.0)
    assert rate.seconds == 10


def test_one_sender_does_not_use_up_what_another_may_send() -> None:
    rate = Rate(1)
    assert rate.takes("anna", 0.0)
    assert not rate.takes("anna", 0.0)
    assert rate.takes("ben", 0.0)


def test_nought_sets_no_limit_and_nobody_is_not_counted() -> None:
    assert all(Rate(0).takes("anna", 0.0) for _ in range(1000))
    rate = Rate(1)
    assert all(rate.takes("", 0.0) for _ in range(10))


def test_what_is_remembered_is_bounded() -> None:
    rate = Rate(1, size=10)
    for number in range(1000):
        rate.takes(str(number), 0.0)
    assert len(rate._left) == 10


def test_either_limit_counts() -> None:
    limits = Limits(2, 3)
    assert [limits.exceeded_by("anna", "192.0.2.1") for _ in range(2)] == [0, 0]
    assert limits.exceeded_by("anna", "192.0.2.2") == 30
    assert limits.exceeded_by("ben", "192.0.2.1") == 0
    assert limits.exceeded_by("carl", "192.0.2.1") == 20
    assert limits.counts == {"sender": 1, "address": 1}


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "address"),
    [
        ("192.0.2.7", "", (), "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", (), "192.0.2.7"),  # anyone can write a header
        ("10.0.0.1", "198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1", ("10.0.0.0/8",), "198.51.100.1"),  # the first is made up
        ("10.0.0.1", "198.51.100.1, 10.0.0.2", ("10.0.0.0/8",), "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1", ("127.0.0.1",), "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1", (), ""),
        ("127.0.0.1", "", ("127.0.0.1",), ""),
        ("::1", "", (), ""),
        ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "", (), "192.0.2.7"),
        ("10.0.0.1", "unknown", ("10.0.0.1",), "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", ("no network",), "10.0.0.1"),
    ],
)
def test_an_address_is_read_from_the_header_only_where_a_trusted_proxy_wrote_it(
    peer: str, forwarded: str, trusted: tuple[str, ...], address: str
) -> None:
    assert address_of(peer, forwarded, trusted) == address
