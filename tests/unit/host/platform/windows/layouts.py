"""Keyboard layouts as Windows ships them, as tables: German, US English and French, without the rarer keys."""

from collections.abc import Mapping

from zuruf.host.platform.windows.decide import Stroke
from zuruf.host.platform.windows.keys import ALTGR, EXTENDED, NAMED, NUMPAD, POSITIONS, SHIFT

DEAD = "\0"
"""Stands before the character of a dead key."""
LEVELS = (0, SHIFT, ALTGR)
_NUMPAD_TEXT = {**{f"Numpad{digit}": str(digit) for digit in range(10)}, "NumpadAdd": "+", "NumpadDivide": "/"}

_GERMAN = """
29 DC ^D °   · 02 31 1 !   · 03 32 2 " ²   · 04 33 3 § ³ · 08 37 7 / { · 09 38 8 ( [ · 0A 39 9 ) ] · 0B 30 0 = }
0C DB ß ? \\ · 0D DD ´D `D · 10 51 q Q @   · 12 45 e E € · 15 5A z Z   · 1A BA ü Ü   · 1B BB + * ~ · 1E 41 a A
27 C0 ö Ö    · 28 DE ä Ä   · 2B BF # '     · 2C 59 y Y   · 2E 43 c C   · 2F 56 v V   · 32 4D m M µ · 56 E2 < > |
33 BC , ;    · 34 BE . :   · 35 BD - _
"""
_US = """
29 C0 ` ~    · 02 31 1 !   · 03 32 2 @     · 04 33 3 #   · 08 37 7 &   · 09 38 8 *   · 0A 39 9 (   · 0B 30 0 )
0C BD - _    · 0D BB = +   · 10 51 q Q     · 12 45 e E   · 15 59 y Y   · 1A DB [ {   · 1B DD ] }   · 1E 41 a A
27 BA ; :    · 28 DE ' "   · 2B DC \\ |    · 2C 5A z Z   · 2E 43 c C   · 2F 56 v V   · 32 4D m M
33 BC , <    · 34 BE . >   · 35 BF / ?
"""
_FRENCH = """
29 DE ²      · 02 31 & 1   · 03 32 é 2 ~D  · 04 33 " 3 # · 08 37 è 7 `D · 09 38 _ 8 \\ · 0A 39 ç 9 ^ · 0B 30 à 0 @
0C DB ) ° ]  · 0D BB = + } · 10 41 a A     · 12 45 e E € · 15 59 y Y    · 1A DD ^D ¨D · 1B BA $ £ ¤ · 1E 51 q Q
27 4D m M    · 28 C0 ù %   · 2B DC * µ     · 2C 57 w W   · 2E 43 c C    · 2F 56 v V   · 32 BC , ?   · 33 BE ; .
34 BF : /    · 35 DF ! §
"""


class TableLayout:
    """A ``decide.Layout`` that is read from a table: scan code, virtual key, characters by level; ``D``: dead."""

    def __init__(self, table: str) -> None:
        self._scans: dict[int, int] = {}
        self._texts: dict[tuple[int, int], str] = {}
        self._strokes: dict[str, Stroke] = {}
        for entry in table.replace("\n", "·").split("·"):
            if entry:
                scan, vk, *characters = entry.split()
                self._add(int(scan, 16), int(vk, 16), characters)
        self._add(0x39, 0x20, [" "])
        for code, text in _NUMPAD_TEXT.items():
            self._texts[NUMPAD[code], 0] = text
            self._scans[NUMPAD[code]] = POSITIONS[code]

    def stroke(self, character: str) -> Stroke | None:
        return self._strokes.get(character)

    def text(self, vk: int, modifiers: int, caps: bool) -> str:
        text = self._texts.get((vk, modifiers), "")
        if caps and text.isalpha() and not modifiers & ALTGR:
            text = self._texts.get((vk, modifiers ^ SHIFT), "")
        return "" if text.startswith(DEAD) else text

    def vk_at(self, scan: int) -> int:
        named = {key.scan: key.vk for key in NAMED.values()}
        return next((vk for vk, place in self._scans.items() if place == scan), named.get(scan, 0))

    def scan_of(self, vk: int) -> int:
        named: Mapping[int, int] = {key.vk: key.scan & ~EXTENDED for key in NAMED.values()}
        return self._scans.get(vk, named.get(vk, 0))

    def _add(self, scan: int, vk: int, characters: list[str]) -> None:
        self._scans[vk] = scan
        for level, name in zip(LEVELS, characters, strict=False):
            character = name[0]
            self._texts[vk, level] = DEAD + character if name.endswith("D") and len(name) > 1 else character
            self._strokes.setdefault(character, Stroke(vk, level))


GERMAN, US, FRENCH = TableLayout(_GERMAN), TableLayout(_US), TableLayout(_FRENCH)
