import pytest

from zuruf.host.platform.windows import sddl

SYSTEM, USER = "S-1-5-18", "S-1-5-21-1-2-3-1001"


def test_the_program_may_be_changed_by_the_system_and_administrators_alone() -> None:
    assert sddl.who_may_write(sddl.PROGRAM_FOLDER) == {"SY", "BA"}
    assert "(A;OICI;0x1200a9;;;BU)" in sddl.PROGRAM_FOLDER


@pytest.mark.parametrize("private", [sddl.PRIVATE_FOLDER, sddl.PRIVATE_FILE])
def test_nobody_else_is_named_for_what_is_private(private: str) -> None:
    assert sddl.who_may_write(private) == {"SY", "BA"}
    assert private.count("(") == 2


@pytest.mark.parametrize("made", [sddl.PROGRAM_FOLDER, sddl.PRIVATE_FOLDER, sddl.PRIVATE_FILE, sddl.pipe(SYSTEM, USER)])
def test_nothing_is_inherited(made: str) -> None:
    assert "D:P" in made


def test_the_windows_pipe_is_the_residents_and_its_users_who_make_no_second_instance() -> None:
    assert sddl.pipe(SYSTEM, USER) == f"D:P(A;;FA;;;{SYSTEM})(A;;0x12019b;;;{USER})"
    assert not sddl.PIPE_ACCESS & 0x4, "FILE_CREATE_PIPE_INSTANCE"


def test_the_desktops_pipe_is_the_residents_alone() -> None:
    assert sddl.pipe(SYSTEM) == sddl.pipe(SYSTEM, SYSTEM) == f"D:P(A;;FA;;;{SYSTEM})"


@pytest.mark.parametrize("name", ["", "WD", "S-1-5-18)(A;;FA;;;WD", "S-1-5-18\n", "s-1-5-18", "S-1-5"])
def test_only_an_identifier_gets_into_a_descriptor(name: str) -> None:
    with pytest.raises(ValueError, match="not a security identifier"):
        sddl.pipe(name)


@pytest.mark.parametrize(
    ("rights", "writes"),
    [
        ("FA", True),
        ("GA", True),
        ("FW", True),
        ("WD", True),
        ("FRFW", True),
        ("0x1f01ff", True),
        ("0x1200a9", False),
        ("0x1301bf", True),
        ("0x40000000", True),
        ("0x80000000", False),
        ("FR", False),
        ("FRFX", False),
        ("GRGX", False),
    ],
)
def test_rights_to_change_are_told_from_rights_to_read(rights: str, writes: bool) -> None:
    assert (sddl.who_may_write(f"O:BAD:PAI(A;OICI;{rights};;;BU)") == {"BU"}) is writes


def test_what_is_denied_is_not_allowed() -> None:
    assert sddl.who_may_write("O:BAD:(D;;FA;;;WD)(A;;FA;;;SY)") == {"SY"}
