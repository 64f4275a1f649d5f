"""Ctrl-Alt-Del: what is done to the policy, in which order, and that it is as before afterwards."""

import json
from pathlib import Path

import pytest

from zuruf.host.platform.windows.sas import Attention, UnusablePolicy


class RecordingPolicy:
    """A second Policy, with SendSAS and the waiting, that writes down what is done. ``lost``: the computer goes off."""

    def __init__(self, value: int | None, note: Path) -> None:
        self.value = value
        self.note = note
        self.done: list[object] = []
        self.refuses: type[Exception] | None = None

    def read(self) -> int | None:
        return self.value

    def write(self, value: int) -> None:
        assert self.note.exists(), "a computer that goes off now keeps the changed policy"
        self.done.append(value)
        self.value = value

    def remove(self) -> None:
        self.done.append("remove")
        self.value = None

    def send(self) -> None:
        if self.refuses:
            raise self.refuses
        assert self.value in (1, 3)
        self.done.append("send")

    def pause(self, _seconds: float) -> None:
        assert self.value in (1, 3)
        self.done.append("pause")

    def attention(self) -> Attention:
        return Attention(self, self.send, self.pause, self.note)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return tmp_path / "note.json"


@pytest.mark.parametrize("value", [1, 3])
def test_a_policy_that_allows_it_is_left_alone(note: Path, value: int) -> None:
    policy = RecordingPolicy(value, note)
    policy.attention().send()
    assert policy.done == ["send"]


@pytest.mark.parametrize(
    ("before", "done"),
    [
        (None, [1, "send", "pause", "remove"]),
        (0, [1, "send", "pause", 0]),
        (2, [3, "send", "pause", 2]),
    ],
)
def test_another_policy_is_changed_for_a_moment_only(note: Path, before: int | None, done: list[object]) -> None:
    policy = RecordingPolicy(before, note)
    policy.attention().send()
    assert policy.done == done
    assert policy.value == before
    assert not note.exists()


def test_the_policy_is_put_back_when_windows_refuses(note: Path) -> None:
    policy = RecordingPolicy(None, note)
    policy.refuses = OSError
    with pytest.raises(OSError):  # noqa: PT011 - whatever Windows says
        policy.attention().send()
    assert policy.value is None
    assert not note.exists()


def test_the_policy_is_put_back_though_another_process_obeyed_the_note_first(note: Path) -> None:
    class Meeting(RecordingPolicy):
        def send(self) -> None:
            note.unlink()

        def pause(self, seconds: float) -> None:
            """The note is gone; nothing else is."""

    policy = Meeting(None, note)
    policy.attention().send()
    assert policy.value is None


@pytest.mark.parametrize("before", [None, 0, 2])
def test_a_computer_that_went_off_gets_its_policy_back(note: Path, before: int | None) -> None:
    note.write_text(json.dumps(before))
    policy = RecordingPolicy(3, note)
    policy.attention().restore()
    assert policy.value == before
    assert not note.exists()
    policy.attention().restore()
    assert len(policy.done) == 1


def test_a_note_that_was_not_finished_changes_nothing(note: Path) -> None:
    note.write_text("")
    policy = RecordingPolicy(2, note)
    policy.attention().restore()
    assert policy.done == []
    assert not note.exists()


def test_a_policy_that_cannot_be_read_is_not_touched(note: Path) -> None:
    class OddPolicy(RecordingPolicy):
        def read(self) -> int | None:
            raise UnusablePolicy

    policy = OddPolicy(None, note)
    with pytest.raises(UnusablePolicy):
        policy.attention().send()
    assert policy.done == []
