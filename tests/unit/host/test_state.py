"""What the host remembers."""

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.host.clock import ManualClock
from tests.support.host.platform import FolderPlatform
from zuruf.host.clock import SessionTimer
from zuruf.host.connection.reports import signed
from zuruf.host.connection.tries import TriesRecord
from zuruf.host.consent.rights import Rights
from zuruf.host.state import STATE_FILE_NEW, Created, HostState, StateStore, UnreadableState
from zuruf.protocol.signatures import new_private_key


def example() -> HostState:
    key = new_private_key()
    clock = ManualClock()
    return HostState(
        phase="active",
        session_id="0" * 36,
        number="1234567890",
        server="https://help.example",
        private_key=key,
        salt=b"s" * 16,
        prs=b"p" * 64,
        tools=["remote_control"],
        technician="Jörg",
        company="Müller & Söhne",
        timer=SessionTimer.start(3600, clock.read()).mark(clock.read()),
        tries=TriesRecord(3, 3, 0.0),
        rights=Rights(control=False),
        reports=[signed(key, "0" * 36, "active", {"hostname": "pc"})],
        created=[Created(kind="file", label="lock", path="/x/lock")],
    )


@pytest.fixture
def store(tmp_path: Path) -> StateStore:
    platform = FolderPlatform(tmp_path)
    platform.make_private_directory(tmp_path / "data")
    return StateStore(tmp_path / "data", platform)


async def test_what_is_saved_is_loaded(store: StateStore) -> None:
    assert store.load() is None
    await store.save(example_state := example())
    assert store.load() == example_state
    assert stat.S_IMODE(store.file.stat().st_mode) == 0o600
    assert [path.name for path in store.directory.iterdir()] == ["state.json"]


async def test_after_closing_nothing_is_written(store: StateStore) -> None:
    await store.close()
    await store.save(example())
    store.save_now(example())
    assert list(store.directory.iterdir()) == []


def test_a_save_that_fails_leaves_the_last_state(store: StateStore) -> None:
    good = example()
    store.save_now(good)
    (store.directory / STATE_FILE_NEW).mkdir()
    with pytest.raises(OSError, match="directory"):
        store.save_now(example())
    assert store.load() == good


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.just(b" " * 300_000), st.just(b'{"phase": "active"}')))
def test_anything_else_is_unreadable_and_nothing_worse(store: StateStore, data: bytes) -> None:
    store.file.write_bytes(data)
    with pytest.raises(UnreadableState):
        store.load()


def test_a_state_that_is_no_file_is_unreadable(store: StateStore) -> None:
    store.file.mkdir()
    with pytest.raises(UnreadableState):
        store.load()
