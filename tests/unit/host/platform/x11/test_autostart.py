from hypothesis import given, settings
from hypothesis import strategies as st

from zuruf.host.platform.x11.autostart import command_of, entry

arguments = st.lists(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=20), min_size=1)


@settings(deadline=None)
@given(arguments)
def test_the_command_read_back_is_the_command_written(command: list[str]) -> None:
    assert command_of(entry(command)) == command


def test_what_a_desktop_treats_specially_is_quoted_as_its_specification_says() -> None:
    line = next(line for line in entry(["/opt/a b", "50%", 'x"$`\\']).splitlines() if line.startswith("Exec="))
    assert line == r'Exec="/opt/a b" "50%%" "x\\"\\$\\`\\\\"'


def test_an_entry_of_somebody_else_is_understood() -> None:
    assert command_of("[Desktop Entry]\nExec = /usr/bin/app --flag\n") == ["/usr/bin/app", "--flag"]


def test_an_entry_without_a_command_has_none() -> None:
    assert command_of("[Desktop Entry]\nName=x\n") is None
