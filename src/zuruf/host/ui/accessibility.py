"""What a screen reader is told about the window. Tk tells it nothing itself, so every control is described here.

Adapters: ``platform/windows/accessibility.py``; ``Silent`` where the system offers no way.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol


class Role(Enum):
    """What a control is."""

    TEXT = "text"
    GROUP = "group"
    BUTTON = "button"
    CHECK_BOX = "check box"
    EDIT = "edit"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Description:
    """All that is told about one control; a new description replaces the last."""

    role: Role
    name: str
    value: str = ""
    """What was typed into it."""
    checked: bool = False
    focused: bool = False
    shortcut: str = ""
    """For example ``Alt+W``."""


class Accessibility(Protocol):
    """Every method is called in the window's thread, returns at once and never fails."""

    def describe(self, window_id: int, description: Description) -> None:
        """Tell about a control, and that it has changed where it was described before."""
        ...

    def announce(self, window_id: int) -> None:
        """Have a described control read out now, wherever the focus is."""
        ...

    def forget(self, window_id: int) -> None:
        """The control is gone; its number may come again for another one."""
        ...


class Silent:
    """Tells nobody anything."""

    def describe(self, window_id: int, description: Description) -> None:
        """Do nothing."""

    def announce(self, window_id: int) -> None:
        """Do nothing."""

    def forget(self, window_id: int) -> None:
        """Do nothing."""
