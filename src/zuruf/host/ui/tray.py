"""The icon beside the clock as a Protocol, and when it shows what. Adapter: ``platform/windows/tray.py``."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

from zuruf.host.connection.link import Link
from zuruf.host.ui.port import View
from zuruf.host.ui.texts import Control, Texts


class TrayState(Enum):
    """Which of the three icons; the values are their files' names in ``ui/icons``."""

    ACTIVE = "active"
    CONNECTED = "connected"
    OFFLINE = "offline"


class TrayChoice(Enum):
    """What the customer does with the icon or its menu."""

    OPEN = "open"
    ASK = "ask"
    END = "end"


class MenuEntry(NamedTuple):
    """One line of the menu."""

    choice: TrayChoice
    label: Control
    checked: bool = False


@dataclass(frozen=True)
class TrayContent:
    """All that the icon shows; a new content replaces the last."""

    state: TrayState
    tooltip: str
    menu: tuple[MenuEntry, ...]
    """The first entry is what a plain click does."""


class Tray(Protocol):
    """An icon beside the clock. Methods return at once and never fail; the icon may come a moment later."""

    def set(self, content: TrayContent) -> None:
        """Show this."""
        ...

    def notify(self, title: str, text: str) -> None:
        """Show a message beside the icon for some seconds."""
        ...

    def close(self) -> None:
        """Take the icon away. Repeatable."""
        ...


OpenTray = Callable[[Callable[[TrayChoice], None]], Tray]
"""Makes an icon; the function given is called, in any thread, when the customer chooses something."""


def tray_content(texts: Texts, view: View) -> TrayContent:
    """Return what the icon shows of a session."""
    if view.connections:
        state = TrayState.CONNECTED
    else:
        state = TrayState.OFFLINE if view.link is Link.OFFLINE else TrayState.ACTIVE
    return TrayContent(
        state=state,
        tooltip=texts(
            f"tray.{state.value}",
            technician=view.caller.technician,
            company=view.caller.company,
            remaining=texts.remaining(view.remaining_s),
        ),
        menu=(
            MenuEntry(TrayChoice.OPEN, texts.control("tray.open")),
            MenuEntry(TrayChoice.ASK, texts.control("switch.ask"), view.rights.ask),
            MenuEntry(TrayChoice.END, texts.control("button.end")),
        ),
    )


class TrayKeeper:
    """Keeps the icon at the present view, and says when somebody connects."""

    def __init__(self, texts: Texts, tray: Tray) -> None:
        self._texts = texts
        self._tray = tray
        self._shown: TrayContent | None = None
        self._connections = 0
        self._told_hidden = False

    def show(self, view: View) -> None:
        """Show the present state; more connections than before are worth a message."""
        content = tray_content(self._texts, view)
        if content != self._shown:
            self._shown = content
            self._tray.set(content)
        if len(view.connections) > self._connections:
            t = self._texts
            self._tray.notify(
                t("notice.connected", technician=view.caller.technician),
                t("notice.connected.text", doing=t.doing(*view.connections[-1])),
            )
        self._connections = len(view.connections)

    def hidden(self) -> None:
        """Say, once, where the window has gone."""
        if not self._told_hidden:
            self._told_hidden = True
            self._tray.notify(self._texts("notice.hidden"), self._texts("notice.hidden.text"))

    def close(self) -> None:
        """Take the icon away."""
        self._tray.close()
