import pytest

from zuruf.host.platform.windows.system_name import system_name


@pytest.mark.parametrize(
    ("product", "release", "build", "name"),
    [
        ("Windows 10 Pro", "22H2", 19045, "Windows 10 Pro 22H2 (19045)"),
        ("Windows 10 Pro", "23H2", 22631, "Windows 11 Pro 23H2 (22631)"),
        ("Windows Server 2022 Standard", "21H2", 20348, "Windows Server 2022 Standard 21H2 (20348)"),
        ("", "", 19045, "Windows (19045)"),
    ],
)
def test_a_system_is_called_what_people_call_it(product: str, release: str, build: int, name: str) -> None:
    assert system_name(product, release, build) == name
