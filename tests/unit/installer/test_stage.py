"""The unpacking stage's script: who may write the folder that it makes."""

import re
from importlib import resources

from zuruf.host.platform.windows import sddl

ENTRY = re.compile(r"\([^)]*\)")


def folder_rights() -> str:
    script = (resources.files("zuruf.installer") / "data/stage.nsi").read_text(encoding="utf-8")
    found = re.search(r'!define FOLDER_RIGHTS "([^"]+)"', script)
    assert found is not None
    return found[1]


def test_only_the_system_and_administrators_may_write_the_folder() -> None:
    assert sddl.who_may_write(folder_rights()) == {"SY", "BA"}


def test_the_folder_inherits_nothing_and_belongs_to_the_administrators() -> None:
    rights = folder_rights()
    assert rights.startswith("O:BA")
    flags = re.search(r"D:([A-Z]*)\(", rights)
    assert flags is not None
    assert "P" in flags[1]


def test_the_folder_gets_what_the_self_test_expects_to_read_back() -> None:
    assert set(ENTRY.findall(folder_rights())) == set(ENTRY.findall(sddl.PROGRAM_FOLDER))
