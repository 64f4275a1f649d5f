"""What is deleted in which order, and what the receipt says."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from zuruf.host.platform.base import Entry
from zuruf.host.removal.plan import deletion_order, inventory, receipt
from zuruf.host.state import STATE_FILE, Ending

HOME = Path("/home/anna")
DIRECTORIES = [HOME / ".config", HOME / ".config/autostart", HOME / ".local", HOME / ".local/state"]
DATA, ENTRY = HOME / ".local/state/zuruf", HOME / ".config/autostart/zuruf.desktop"
ENTRIES = [Entry("autostart entry", str(ENTRY))]
PROGRAM = Path("/programs/support 1a2b3c4d")
SERVICE, TASK = Entry("service", "service:support"), Entry("scheduled task", "task:support")


@given(missing=st.sets(st.sampled_from(DIRECTORIES)))
def test_a_directory_goes_after_what_is_in_it_and_the_entry_after_the_state(missing: set[Path]) -> None:
    created = inventory(DATA, ENTRIES, [*sorted(missing), DATA])
    early, late = deletion_order(created)
    order = [item.path for item in early + late]
    assert sorted(order) == sorted(item.path for item in created)
    for index, path in enumerate(order):
        assert not any(other.startswith(path + "/") for other in order[index:])
    assert order.index(str(DATA / STATE_FILE)) < order.index(str(ENTRY))
    files = [item.label for item in early if item.kind == "file"]
    assert files[-1] == STATE_FILE


def test_the_receipt_names_nobody_and_claims_only_what_is_gone() -> None:
    created = inventory(DATA, ENTRIES, [DATA])
    detail = receipt(Ending(reason="expired", at="2030-01-01T00:00:00Z"), created, created[:1])
    assert (detail["reason"], detail["by"], detail["at"]) == ("expired", "clock", "2030-01-01T00:00:00Z")
    assert "anna" not in str(detail)
    assert detail["removed"] == [item.label for item in created[1:]]


def test_a_program_folder_takes_what_is_in_it_along_but_for_the_secrets() -> None:
    created = inventory(PROGRAM / "session", [SERVICE, TASK], [PROGRAM / "session"], PROGRAM)
    early, late = deletion_order([item for item in created if item.kind not in ("program", "autostart")])
    assert [item.label for item in early] == ["state.json.new", STATE_FILE]
    assert late == []


def test_the_receipt_tells_what_is_gone_from_what_the_system_takes_away_next() -> None:
    created = inventory(PROGRAM / "session", [SERVICE, TASK], [], PROGRAM)
    ending = Ending(reason="technician", at="2030-01-01T00:00:00Z")
    detail = receipt(ending, created, [], {"program", "autostart"})
    assert detail["installed"] == ["program folder", "state.json", "state.json.new", "service", "scheduled task"]
    assert (detail["removed"], detail["finishing"]) == (
        ["state.json", "state.json.new"],
        ["program folder", "service", "scheduled task"],
    )


def test_the_downloaded_file_is_in_the_receipt_only_where_it_was_to_go() -> None:
    created = inventory(DATA, ENTRIES, [DATA])
    ending = Ending(reason="customer", at="2030-01-01T00:00:00Z")
    named = {
        gone: tuple(
            "downloaded file" in str(receipt(ending, created, [], (), gone)[part]) for part in ("installed", "removed")
        )
        for gone in (None, False, True)
    }
    assert named == {None: (False, False), False: (True, False), True: (True, True)}
