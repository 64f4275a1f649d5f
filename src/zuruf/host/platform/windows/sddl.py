r"""Who may do what with the things the host makes, in Windows' own notation. Pure: constants and who else is named.

Every list is protected (``P``: nothing is inherited) and given when the thing is made, never afterwards.
``SY``: the system, ``BA``: administrators, ``BU``: users. ``FA``: everything, ``0x1200a9``: read and execute,
``0x12019b``: read and write without making another instance of the pipe (FILE_CREATE_PIPE_INSTANCE).
Source: Microsoft, "Security Descriptor String Format" and "Named Pipe Security and Access Rights".
"""

import re

PROGRAM_FOLDER = "O:BAD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
"""The unpacked app: everybody may start it, nobody but the system and administrators may change or add a file."""
PRIVATE_FOLDER = "D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
"""The session's folder and what is in it: nobody else may even list it."""
PRIVATE_FILE = "D:P(A;;FA;;;SY)(A;;FA;;;BA)"
"""One file of the session."""
PIPE_ACCESS = 0x12019B
"""What the other end of a pipe opens it for."""
_SID = re.compile(r"S-1-[0-9]+(-[0-9]+){1,15}")


def pipe(owner: str, other: str | None = None) -> str:
    """Return the rights of a pipe to a helper, from security identifiers. Raises ValueError for anything else.

    ``owner``: the resident, which is the system; ``other``: the user a helper runs as, where that is another.
    """
    for sid in (owner, *([other] if other else [])):
        if _SID.fullmatch(sid) is None:
            raise ValueError(f"not a security identifier: {sid!r}")
    return f"D:P(A;;FA;;;{owner})" + (f"(A;;{PIPE_ACCESS:#x};;;{other})" if other and other != owner else "")


def who_may_write(sddl: str) -> set[str]:
    """Return whom a descriptor's allowing entries let change the thing: for the self-test, which reads them back."""
    writers = set()
    for kind, rights, who in _ENTRY.findall(sddl):
        if kind == "A" and _writes(rights):
            writers.add(who)
    return writers


_ENTRY = re.compile(r"\((\w+);[^;]*;([^;]*);[^;]*;[^;]*;([^;)]+)\)")
_READING = {"FR", "FX", "GR", "GX", "RC", "CC", "LC", "SW", "LO"}
_READ_BITS = 0x1201A9 | 0x80000000 | 0x20000000
"""Read data and attributes, execute, read the descriptor, synchronise; GENERIC_READ and GENERIC_EXECUTE."""


def _writes(rights: str) -> bool:
    if rights.lower().startswith("0x"):
        return bool(int(rights, 16) & ~_READ_BITS)
    return any(rights[at : at + 2] not in _READING for at in range(0, len(rights), 2))
