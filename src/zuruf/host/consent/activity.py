"""What a technician can be doing at the moment, for the customer to see. Tools report it, the windows translate it.

A report is one of ``ALL``; a transfer may carry a name, ``with_name(TRANSFERRING, "report.pdf")``.
"""

import unicodedata

IDLE = "idle"
VIEWING = "viewing"
CONTROLLING = "controlling"
CLIPBOARD = "clipboard"
TRANSFERRING = "transferring"

ALL = (IDLE, VIEWING, CONTROLLING, CLIPBOARD, TRANSFERRING)

NAME_MAX = 80
"""Characters of a name that are shown; the middle of a longer one is left out, for its ending says what it is."""
_READ_MAX = 1024
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def with_name(activity: str, name: str) -> str:
    """Return the report of an activity on something that has a name, which may come from anybody."""
    shown = shown_name(name)
    return f"{activity}:{shown}" if shown else activity


def parts(report: str) -> tuple[str, str]:
    """Return activity and name of a report, whoever made it; an unknown activity is ``IDLE``."""
    activity, _, name = report[:_READ_MAX].partition(":")
    return (activity, shown_name(name)) if activity in ALL else (IDLE, "")


def shown_name(name: str) -> str:
    """Return a text from outside as one short line: nothing invisible, nothing that turns the direction of reading."""
    visible = "".join(
        " " if character.isspace() else character
        for character in name[:_READ_MAX]
        if character.isspace() or unicodedata.category(character) not in _INVISIBLE
    )
    line = " ".join(visible.split())
    if len(line) <= NAME_MAX:
        return line
    half = NAME_MAX // 2
    return f"{line[: half - 1]}…{line[-half:]}"
