from pathlib import PureWindowsPath

import pytest

from zuruf.host.platform.windows.names import is_program_folder

PROGRAMS = PureWindowsPath(r"C:\Program Files")


def test_what_the_unpacking_stage_makes_is_a_program_folder() -> None:
    assert is_program_folder(PROGRAMS / "Zuruf Support Session 1a2b3c4d", PROGRAMS)


@pytest.mark.parametrize(
    "folder",
    [
        "C:\\",
        r"C:\Program Files",
        r"C:\Program Files\Zuruf Support Session",
        r"C:\Program Files\Zuruf Support Session 1A2B3C4D",
        r"C:\Program Files\Zuruf Support Session 1a2b3c4d5",
        r"C:\Program Files\Zuruf Support Session 1a2b3c4d\session",
        r"C:\Program Files\Zuruf Support Session 1a2b3c4d\..",
        r"D:\Program Files\Zuruf Support Session 1a2b3c4d",
        r"C:\Users\Zuruf Support Session 1a2b3c4d",
    ],
)
def test_no_other_folder_is_one(folder: str) -> None:
    assert not is_program_folder(PureWindowsPath(folder), PROGRAMS)
