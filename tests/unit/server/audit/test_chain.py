"""The chain finds every change; erasing a payload is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zuruf.server.audit.chain import GENESIS, Link, commit, link_hash, verify

_START = datetime(2026, 1, 1, tzinfo=UTC)


def _chain(payloads: list[str], company: str = "c") -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for index, payload in enumerate(payloads):
        seq, at, salt = index + 1, _START + timedelta(seconds=index), bytes([index]) * 32
        commitment = commit(salt, payload)
        digest = link_hash(company, seq, at, "auth.signed_in", commitment, previous)
        links.append(Link(company, seq, at, "auth.signed_in", commitment, previous, digest, salt, payload))
        previous = digest
    return links


def _head(links: list[Link]) -> tuple[int, bytes]:
    return (links[-1].seq, links[-1].hash)


chains = st.lists(st.text(max_size=20), min_size=2, max_size=8).map(_chain)
_OTHER = bytes(31) + b"\x01"
_CHANGES = {
    "company_id": lambda link: "other",
    "seq": lambda link: link.seq + 1,
    "at": lambda link: link.at + timedelta(microseconds=1),
    "event": lambda link: "auth.signed_out",
    "commitment": lambda link: _OTHER,
    "previous": lambda link: _OTHER,
    "hash": lambda link: _OTHER,
    "salt": lambda link: _OTHER,
    "payload": lambda link: link.payload + "!",
}


@given(chains)
def test_an_untouched_chain_is_sound(links: list[Link]) -> None:
    assert verify(links, _head(links)) == []


@given(chains, st.data())
def test_erasing_any_payloads_leaves_the_chain_sound(links: list[Link], data: st.DataObject) -> None:
    erased = data.draw(st.sets(st.sampled_from(range(len(links)))))
    kept = [replace(link, salt=None, payload=None) if n in erased else link for n, link in enumerate(links)]
    assert verify(kept, _head(links)) == []


@given(chains, st.data())
def test_any_change_of_any_field_is_found(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(range(len(links))))
    name = data.draw(st.sampled_from(sorted(_CHANGES)))
    changed = [*links[:at], replace(links[at], **{name: _CHANGES[name](links[at])}), *links[at + 1 :]]
    assert verify(changed, _head(links)) != []


@given(chains, st.data())
def test_any_deletion_is_found(links: list[Link], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(range(len(links))), min_size=1))
    assert verify([link for n, link in enumerate(links) if n not in gone], _head(links)) != []


@given(chains, st.data())
def test_any_reordering_is_found(links: list[Link], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(links).filter(lambda order: order != links))
    assert verify(shuffled, _head(links)) != []


@given(chains, st.data())
def test_a_rewritten_chain_is_found_by_the_exported_head(links: list[Link], data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(range(len(links))))
    payloads = [str(link.payload) for link in links]
    payloads[at] += "!"
    rewritten = _chain(payloads)
    assert verify(rewritten, _head(rewritten)) == []
    assert verify(rewritten, _head(links)) != []


@given(chains)
def test_a_chain_that_went_on_still_holds_an_older_head(links: list[Link]) -> None:
    assert verify(links, _head(links[:-1])) == []


@given(st.text(), st.text())
def test_a_commitment_depends_on_the_salt(payload: str, other: str) -> None:
    assert commit(bytes(32), payload) != commit(_OTHER, other)
