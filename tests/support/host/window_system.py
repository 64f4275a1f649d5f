"""A desktop around the customer's window that only takes notes, as a second adapter of ``ui.window_system``."""

from collections.abc import Callable

from zuruf.host.ui.accessibility import Accessibility, Description
from zuruf.host.ui.tray import OpenTray, Tray, TrayChoice, TrayContent
from zuruf.host.ui.window_system import PlainWindowSystem


class RecordingTray:
    """Keeps what it was to show; ``choose`` is the customer's click."""

    def __init__(self, chosen: Callable[[TrayChoice], None]) -> None:
        self.choose = chosen
        self.contents: list[TrayContent] = []
        self.notices: list[tuple[str, str]] = []
        self.closed = False

    def set(self, content: TrayContent) -> None:
        self.contents.append(content)

    def notify(self, title: str, text: str) -> None:
        self.notices.append((title, text))

    def close(self) -> None:
        self.closed = True


class RecordingAccessibility:
    """Keeps what a screen reader would know at the moment, and all that was announced."""

    def __init__(self) -> None:
        self.known: dict[int, Description] = {}
        self.announced: list[str] = []
        self.focused: list[str] = []

    def describe(self, window_id: int, description: Description) -> None:
        before = self.known.get(window_id)
        self.known[window_id] = description
        if description.focused and not (before and before.focused):
            self.focused.append(description.name)

    def announce(self, window_id: int) -> None:
        self.announced.append(self.known[window_id].name)

    def forget(self, window_id: int) -> None:
        del self.known[window_id]

    def names(self) -> list[str]:
        return [description.name for description in self.known.values()]


class RecordingWindowSystem(PlainWindowSystem):
    """X11 with an icon beside the clock and a screen reader, at any scaling."""

    def __init__(self, dpi: float | None = None) -> None:
        super().__init__()
        self.reader = RecordingAccessibility()
        self.accessibility: Accessibility = self.reader
        self.trays: list[RecordingTray] = []
        self.open_tray: OpenTray | None = self._open
        self.monitor_dpi = dpi

    def _open(self, chosen: Callable[[TrayChoice], None]) -> Tray:
        self.trays.append(RecordingTray(chosen))
        return self.trays[-1]

    def dpi(self, window_id: int) -> float | None:
        return self.monitor_dpi
