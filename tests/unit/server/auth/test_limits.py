"""Rate limits count per rule and key."""

import pytest

from zuruf.server.auth.limits import RateLimits, network_of
from zuruf.server.errors import TooMany


def test_a_limit_is_reached_for_its_key_only() -> None:
    limits = RateLimits({"rule": "2/minute", "other": "2/minute"})
    for _ in range(2):
        limits.hit("rule", "a")
    with pytest.raises(TooMany) as caught:
        limits.hit("rule", "a")
    assert 0 < int(caught.value.params["retry_after_s"]) <= 60
    limits.hit("rule", "b")
    limits.hit("other", "a")


def test_clearing_forgets() -> None:
    limits = RateLimits({"rule": "1/minute"})
    limits.hit("rule", "a")
    limits.clear("rule", "a")
    limits.hit("rule", "a")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_line_counts_as_one(address: str, network: str) -> None:
    assert network_of(address) == network
