"""The keyboard: carries out what ``decide`` says and remembers what it holds. Imports nothing of Windows.

A viewer repeats the key-down of a key that is held, and each is passed on as a real keyboard's would be: Windows
repeats no injected key by itself, and a network that stalls stops the repeating with it.
"""

from zuruf.host.platform.windows import decide
from zuruf.host.platform.windows.decide import Attention, Hold, State, Tap, ThirdLevel, Unicode
from zuruf.host.platform.windows.injector import Injector, InputEvent, KeyEvent, UnitEvent
from zuruf.host.platform.windows.keys import (
    ALT,
    ALTGR,
    COMMANDS,
    LEFT_CONTROL,
    LEFT_SHIFT,
    MENU_MASK,
    META,
    MODIFIERS,
    RIGHT_ALT,
    SHIFT,
    Key,
)

_HELD_MAX = 128
"""More than a keyboard has; a viewer that claims more does not grow our memory."""


class Keyboard:
    """Types by character and by position. For one thread."""

    def __init__(self, injector: Injector) -> None:
        self._injector = injector
        self._held: dict[str, Key] = {}
        self._third_level: set[str] = set()
        self._spent: set[str] = set()

    def key(self, code: str, key: str, down: bool) -> None:
        """Press, repeat or release."""
        name = code or key.lower()
        if not down:
            self._spent.discard(name)
            self._release(name)
        elif name in self._spent:
            # The repeated Delete of a Ctrl-Alt-Del, whose other keys are no longer down.
            return
        elif name in self._held:
            if self._held[name] not in MODIFIERS:
                self._injector.send([KeyEvent(self._held[name], True)])
        else:
            self._press(name, decide.press(self._injector.layout(), self._state(), code, key))

    def type_character(self, character: str) -> None:
        """Type a character, unless it is none that can be typed."""
        self._strike(decide.type_character(self._injector.layout(), self._state(), character))

    def release_all(self) -> None:
        """Release every held key."""
        self._third_level.clear()
        events = [KeyEvent(key, False) for key in sorted(set(self._held.values()))]
        self._held.clear()
        if events:
            self._injector.send(events)

    def _press(self, name: str, action: decide.Action) -> None:
        if isinstance(action, Hold):
            if len(self._held) >= _HELD_MAX:
                self.release_all()
            if self._injector.send([KeyEvent(action.key, True)]):
                self._held[name] = action.key
        elif isinstance(action, ThirdLevel):
            self._third_level = {name}
        elif isinstance(action, Attention):
            # The desktop that comes then must not find keys held on the one before.
            self.release_all()
            self._spent = {name}
            self._injector.attention()
        else:
            self._strike(action)

    def _release(self, name: str) -> None:
        self._third_level.discard(name)
        key = self._held.pop(name, None)
        if key is not None and key not in self._held.values():
            self._injector.send([KeyEvent(key, False)])

    def _state(self) -> State:
        pressed = 0
        for key in self._modifiers_down():
            pressed |= MODIFIERS[key]
        return State(pressed, self._injector.caps(), bool(self._third_level))

    def _modifiers_down(self) -> list[Key]:
        held = {key for key in self._held.values() if key in MODIFIERS}
        return sorted(self._injector.modifiers_down() | held)

    def _strike(self, action: Tap | Unicode | decide.Action) -> None:
        if isinstance(action, Tap):
            events = [KeyEvent(action.key, True), KeyEvent(action.key, False)]
            if action.key in self._held.values():
                events.insert(0, KeyEvent(action.key, False))
                self._held = {name: held for name, held in self._held.items() if held != action.key}
            self._injector.send(self._with_modifiers(events, action.modifiers, action.mask))
        elif isinstance(action, Unicode):
            units = action.character.encode("utf-16-le")
            pairs = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
            typed = [UnitEvent(unit, down) for unit in pairs for down in (True, False)]
            self._injector.send(self._with_modifiers(typed, 0, COMMANDS))

    def _with_modifiers(self, events: list[KeyEvent] | list[UnitEvent], wanted: int, mask: int) -> list[InputEvent]:
        """Return the events with exactly the wanted ones of the modifiers in the mask around them."""
        down = self._modifiers_down()
        released = [key for key in down if MODIFIERS[key] & mask & ~wanted]
        present = 0
        for key in down:
            present |= MODIFIERS[key]
        added = [
            key
            for key, modifier in ((LEFT_SHIFT, SHIFT), (LEFT_CONTROL, ALTGR & ~ALT), (RIGHT_ALT, ALT))
            if wanted & ~present & modifier
        ]
        # Alt or the Windows key, pressed and released with nothing in between, opens a menu.
        masking = [MENU_MASK] if any(MODIFIERS[key] & (ALT | META) for key in released) else []
        mask_taps = [KeyEvent(key, is_down) for key in masking for is_down in (True, False)]
        return [
            *mask_taps,
            *(KeyEvent(key, False) for key in released),
            *(KeyEvent(key, True) for key in added),
            *events,
            *(KeyEvent(key, False) for key in reversed(added)),
            *(KeyEvent(key, True) for key in released),
            *mask_taps,
        ]
