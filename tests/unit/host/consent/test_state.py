"""The customer's switches."""

import asyncio

import pytest

from zuruf.host.consent.rights import Rights
from zuruf.host.consent.state import ConsentState


def test_everything_is_allowed_and_nothing_asked_at_first() -> None:
    assert ConsentState().rights == Rights(view=True, control=True, clipboard=True, ask=False)


def test_every_watcher_knows_before_the_switch_is_back() -> None:
    consent = ConsentState()
    seen: list[Rights] = []
    consent.watch(seen.append)
    consent.set(control=False)
    assert [rights.control for rights in seen] == [False]
    consent.set(control=False)
    assert len(seen) == 1


def test_a_watcher_that_stopped_hears_no_more() -> None:
    consent = ConsentState()
    seen: list[Rights] = []
    stop = consent.watch(seen.append)
    stop()
    stop()
    consent.set(view=False)
    assert seen == []


def test_an_unknown_switch_is_a_mistake() -> None:
    with pytest.raises(TypeError):
        ConsentState().set(everything=True)


async def test_waiting_ends_with_the_next_change() -> None:
    consent = ConsentState()
    known = consent.rights
    waiting = asyncio.create_task(consent.changed(known))
    await asyncio.sleep(0)
    assert not waiting.done()
    consent.set(clipboard=False)
    assert (await waiting).clipboard is False
    assert await consent.changed(known) == consent.rights
