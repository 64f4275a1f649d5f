"""A second Injector: remembers what it was given, and keeps track of modifiers as Windows does."""

from collections.abc import Sequence

from tests.unit.host.platform.windows.layouts import TableLayout
from zuruf.host.platform.windows.injector import InputEvent, KeyEvent
from zuruf.host.platform.windows.keys import MODIFIERS, Key


class RecordingInjector:
    """``refuses``: Windows takes nothing (a desktop that may not be controlled)."""

    def __init__(self, layout: TableLayout, size: tuple[int, int] = (1280, 800)) -> None:
        self._layout = layout
        self._size = size
        self.events: list[InputEvent] = []
        self.down: set[Key] = set()
        self.caps_on = False
        self.swapped = False
        self.refuses = False
        self.attentions = 0

    def send(self, events: Sequence[InputEvent]) -> bool:
        if self.refuses:
            return False
        self.events += events
        for event in events:
            if isinstance(event, KeyEvent):
                (self.down.add if event.down else self.down.discard)(event.key)
        return True

    def attention(self) -> None:
        assert not self.down, "keys are held across the change of desktops"
        self.attentions += 1

    def modifiers_down(self) -> frozenset[Key]:
        return frozenset(key for key in self.down if key in MODIFIERS)

    def caps(self) -> bool:
        return self.caps_on

    def layout(self) -> TableLayout:
        return self._layout

    def desktop_size(self) -> tuple[int, int]:
        return self._size

    def buttons_swapped(self) -> bool:
        return self.swapped

    def take(self) -> list[InputEvent]:
        """Return what came since the last call."""
        events, self.events = self.events, []
        return events
