"""The autostart entry of a Linux desktop: text from a command and back. Pure.

Source: Desktop Entry Specification 1.5, "The Exec key" and "Possible value types".
"""

from collections.abc import Sequence

FILE_NAME = "zuruf-support-session.desktop"
_QUOTED = '"`$\\'


def entry(command: Sequence[str]) -> str:
    """Return the desktop entry that starts the command when its user signs in."""
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=Zuruf Support Session\n"
        f"Exec={' '.join(map(_quote, command))}\n"
        "Terminal=false\n"
        "X-GNOME-Autostart-enabled=true\n"
    )


def command_of(text: str) -> list[str] | None:
    """Return the command of an entry, or None where the text has none."""
    for line in text.split("\n"):
        name, separator, value = line.partition("=")
        if separator and name.strip() == "Exec":
            return _split(_unescape(value.strip()))
    return None


def _quote(argument: str) -> str:
    quoted = "".join(f"\\{character}" if character in _QUOTED else character for character in argument)
    # First the quoting of Exec, then the escaping that every string value has; a percent sign begins a field code.
    escaped = (
        quoted.replace("%", "%%").replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    )
    return f'"{escaped}"'


def _unescape(value: str) -> str:
    meanings = {"n": "\n", "t": "\t", "r": "\r", "s": " ", "\\": "\\"}
    out, characters = [], iter(value)
    for character in characters:
        if character == "\\":
            following = next(characters, "")
            out.append(meanings.get(following, f"\\{following}"))
        else:
            out.append(character)
    return "".join(out)


def _split(value: str) -> list[str]:
    arguments: list[str] = []
    current: list[str] | None = None
    quoted = False
    characters = iter(value.replace("%%", "%"))
    for character in characters:
        if character == " " and not quoted:
            if current is not None:
                arguments.append("".join(current))
            current = None
            continue
        current = current if current is not None else []
        if character == '"':
            quoted = not quoted
        elif character == "\\" and quoted:
            current.append(next(characters, ""))
        else:
            current.append(character)
    return arguments if current is None else [*arguments, "".join(current)]
