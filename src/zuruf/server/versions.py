"""Comparing version numbers of the app. Not for anything but dotted numbers."""


def _parts(version: str) -> tuple[int, ...]:
    numbers = [int(part) for part in version.split(".") if part.isascii() and part.isdigit() and len(part) < 9]
    return tuple(numbers[:4]) + (0,) * (4 - len(numbers[:4]))


def at_least(version: str, minimum: str) -> bool:
    """Say whether ``version`` is ``minimum`` or newer; what is no number counts as nothing."""
    return _parts(version) >= _parts(minimum)
