"""The keyboard through XTEST: carries out what ``decide`` says. Remembers what it holds and what it borrowed."""

import asyncio
from collections import OrderedDict
from typing import Any

import xcffib
import xcffib.xkb
from xcffib.xkb import ID, EventType, NewKeyboardNotifyEvent
from xcffib.xproto import KeyPressEvent, KeyReleaseEvent

from zuruf.host.platform.x11 import decide
from zuruf.host.platform.x11.decide import Borrow, Hold, State, Tap
from zuruf.host.platform.x11.display import Display
from zuruf.host.platform.x11.keymap import SHIFT, Keymap
from zuruf.host.platform.x11.keymap_reader import read_keymap
from zuruf.host.platform.x11.keysyms import ISO_LEVEL3_SHIFT

_PRESS, _RELEASE = KeyPressEvent.event_number, KeyReleaseEvent.event_number
_ALL_OF_THE_MAP = 0xFF
_SPARE_KEYS_MAX = 16
_HELD_MAX = 128
"""More than a keyboard has; a viewer that claims more does not grow our memory."""
_SETTLE_S = 0.2
"""A program looks a key up some time after it was pressed; until then a borrowed key must not change again."""


class Keyboard:
    """Types by position and by character. Raises NoScreen where the server lacks XKB."""

    def __init__(self, display: Display, xtest: Any) -> None:
        self._display = display
        self._xtest = xtest
        self._xkb = display.extension(xcffib.xkb, "XKEYBOARD")
        self._xkb.UseExtension(1, 0).reply()
        self._keymap: Keymap | None = None
        self._held: dict[str, int] = {}
        self._borrowed: OrderedDict[int, tuple[int, float]] = OrderedDict()
        # All events of XKB have one number; xcffib hands each of them out as the one whose own subtype is 0.
        selected = EventType.NewKeyboardNotify | EventType.MapNotify
        self._xkb.SelectEvents(
            ID.UseCoreKbd, selected, 0, EventType.NewKeyboardNotify, _ALL_OF_THE_MAP, _ALL_OF_THE_MAP, []
        )
        display.on(NewKeyboardNotifyEvent, self._mapping_changed)

    async def key(self, code: str, key: str, down: bool) -> None:
        """Press or release. A key that is held already repeats by itself, as a real one does."""
        name = code or key.lower()
        if not down:
            keycode = self._held.pop(name, None)
            if keycode is not None and keycode not in self._held.values():
                self._fake(_RELEASE, keycode)
                self._display.flush()
            return
        if name in self._held:
            return
        state = self._state()
        action = decide.press(self.keymap(), state, code, key)
        if isinstance(action, Hold):
            if len(self._held) >= _HELD_MAX:
                self.release_all()
            self._held[name] = action.keycode
            self._fake(_PRESS, action.keycode)
            self._display.flush()
        else:
            await self._strike(action)

    async def type_text(self, text: str) -> None:
        """Type each character; those that no key can type are left out."""
        for character in text.replace("\r\n", "\n"):
            # The customer's switch and click get their turn between two characters of a long text.
            await asyncio.sleep(0)
            state = self._state()
            await self._strike(decide.type_character(self.keymap(), state, character))

    def release_all(self) -> None:
        """Release every held key."""
        for keycode in sorted(set(self._held.values())):
            self._fake(_RELEASE, keycode)
        self._held.clear()
        self._display.flush()

    async def close(self) -> None:
        """Release everything, and give the borrowed keys back once the last one typed has been looked up."""
        self.release_all()
        if self._borrowed:
            await self._settle(max(used for _keysym, used in self._borrowed.values()))
        for keycode in self._borrowed:
            self._assign(keycode, 0)
        self._borrowed.clear()
        self._display.sync()

    def keymap(self) -> Keymap:
        """Return the present layout, read again after it changed."""
        if self._keymap is None:
            keymap = read_keymap(self._display, self._xkb, set(self._borrowed))
            # Somebody set another layout: our loans went with the old one.
            for keycode, (keysym, _used) in list(self._borrowed.items()):
                if keymap.keysym(keycode, 0, 0) != keysym:
                    del self._borrowed[keycode]
            self._keymap = Keymap(keymap.keys, keymap.modifier_keys, set(self._borrowed))
        return self._keymap

    def _mapping_changed(self, _event: Any) -> None:
        self._keymap = None

    def _state(self) -> State:
        state = self._display.reply(self._xkb.GetState(ID.UseCoreKbd))
        # A layout that was set before this key arrived is known now, and counts.
        self._display.dispatch()
        keymap = self.keymap()
        return State(
            pressed=state.baseMods | state.latchedMods,
            locked=state.lockedMods,
            group=state.group,
            third_level=any(keymap.keysym(keycode, 0, 0) == ISO_LEVEL3_SHIFT for keycode in self._held.values()),
        )

    async def _strike(self, action: decide.Action) -> None:
        if isinstance(action, Tap):
            self._tap(action.keycode, action.modifiers, action.mask)
        elif isinstance(action, Borrow):
            keycode = await self._borrow(action.keysym)
            if keycode is not None:
                self._tap(keycode, 0, action.mask)

    def _tap(self, keycode: int, wanted: int, mask: int) -> None:
        """Press and release with exactly the wanted ones of the modifiers in the mask."""
        keymap = self.keymap()
        down = self._keys_down()
        released = [key for key in down if keymap.modifier_of(key) & mask & ~wanted]
        present = 0
        for key in down:
            present |= keymap.modifier_of(key)
        added = [
            extra
            for modifier in (SHIFT, keymap.third_level)
            if wanted & ~present & modifier and (extra := keymap.key_of_modifier(modifier)) is not None
        ]
        if keycode in down:
            self._fake(_RELEASE, keycode)
            self._held = {name: held for name, held in self._held.items() if held != keycode}
        for key in released:
            self._fake(_RELEASE, key)
        for key in added:
            self._fake(_PRESS, key)
        self._fake(_PRESS, keycode)
        self._fake(_RELEASE, keycode)
        for key in reversed(added):
            self._fake(_RELEASE, key)
        for key in released:
            self._fake(_PRESS, key)
        self._display.flush()

    def _keys_down(self) -> list[int]:
        bits = self._display.reply(self._display.core.QueryKeymap()).keys
        return [byte * 8 + bit for byte, value in enumerate(bits) for bit in range(8) if value & 1 << bit]

    async def _borrow(self, keysym: int) -> int | None:
        """Return a spare key that has the keysym now. None: the layout leaves no key free."""
        now = asyncio.get_running_loop().time()
        for keycode, (present, _used) in self._borrowed.items():
            if present == keysym:
                self._borrowed[keycode] = (keysym, now)
                self._borrowed.move_to_end(keycode)
                return keycode
        spare: int | None = next((key for key in self.keymap().unused() if key not in self._borrowed), None)
        if spare is None or len(self._borrowed) >= _SPARE_KEYS_MAX:
            if not self._borrowed:
                return None
            oldest, (_keysym, used) = next(iter(self._borrowed.items()))
            await self._settle(used)
            self._borrowed.pop(oldest, None)
            spare = oldest
        self._assign(spare, keysym)
        self._borrowed[spare] = (keysym, asyncio.get_running_loop().time())
        self._keymap = None
        return spare

    async def _settle(self, used: float) -> None:
        await asyncio.sleep(max(0.0, used + _SETTLE_S - asyncio.get_running_loop().time()))

    def _assign(self, keycode: int, keysym: int) -> None:
        self._display.core.ChangeKeyboardMapping(1, keycode, 2, [keysym, keysym])

    def _fake(self, kind: int, keycode: int) -> None:
        self._xtest.FakeInput(kind, keycode, 0, 0, 0, 0, 0)
