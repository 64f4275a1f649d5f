"""When the customer can type the code, seen from outside: by typing and by looking at the screen."""

import time
from typing import Any

import xcffib
import xcffib.xproto
from PIL import Image, ImageChops
from tests.support.wine import WineComputer

_DIGIT = "7"
_BLINK_S = 1.3
"""Longer than a caret is shown or hidden."""
_LOOKS = 6
_LESSONS = 15
_DIGIT_MAX = 40
"""Pixels of a digit's width and height."""
_BETWEEN_KEYS_S = 0.1
_SAME = 0.95
"""Part of the digit's pixels that must be as learned."""


class Screen:
    """Reads a computer's screen."""

    def __init__(self, display: str) -> None:
        connect: Any = xcffib.connect
        self._connection = connect(display)
        root = self._connection.get_setup().roots[0]
        self._root = root.root
        self.whole = (0, 0, root.width_in_pixels, root.height_in_pixels)

    def picture(self, box: tuple[int, int, int, int]) -> Image.Image:
        """Return what is shown between left, top, right, bottom."""
        left, top, right, bottom = box
        size = (right - left, bottom - top)
        answer = self._connection.core.GetImage(
            xcffib.xproto.ImageFormat.ZPixmap, self._root, left, top, *size, 0xFFFFFFFF
        ).reply()
        return Image.frombytes("RGB", size, bytes(answer.data.buf()), "raw", "BGRX")

    def steady(self) -> tuple[Image.Image, Image.Image]:
        """Return the screen, and white wherever it does not blink."""
        first = self.picture(self.whole)
        still = Image.new("L", first.size, 255)
        for _ in range(_LOOKS):
            time.sleep(_BLINK_S / _LOOKS)
            still = ImageChops.subtract(still, _changed(first, self.picture(self.whole)))
        return first, still


class CodeField:
    """Where the first typed digit appears. Learned once; windows open at the same place every time."""

    def __init__(self, computer: WineComputer) -> None:
        """Learn it from a page that asks for the code, or will in a moment. Leaves the field empty."""
        self._computer = computer
        self._screen = Screen(computer.screen.display)
        for _ in range(_LESSONS):
            empty, still = self._screen.steady()
            computer.press(_DIGIT)
            typed, still_too = self._screen.steady()
            computer.press("BackSpace")
            digit = ImageChops.darker(_changed(empty, typed), ImageChops.darker(still, still_too))
            box = digit.getbbox()
            # A page that has just come changes more than a digit does.
            if box is not None and box[2] - box[0] < _DIGIT_MAX and box[3] - box[1] < _DIGIT_MAX:
                break
        else:
            raise RuntimeError("no typed digit is to be seen")
        self._box = box
        self._digit, self._typed = digit.crop(box), typed.crop(box)
        self._count = self._digit.histogram()[255]

    def wait(self, patience_s: float = 60) -> None:
        """Type a digit again and again, and return when the field shows the first."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            self._computer.press(_DIGIT)
            again = time.monotonic() + _BETWEEN_KEYS_S
            while time.monotonic() < again:
                if self._shown():
                    return
                time.sleep(0.005)
        raise RuntimeError("the code field takes no digit")

    def _shown(self) -> bool:
        wrong = ImageChops.darker(_changed(self._typed, self._screen.picture(self._box)), self._digit)
        return wrong.histogram()[255] <= self._count * (1 - _SAME)


def _changed(one: Image.Image, other: Image.Image) -> Image.Image:
    """Return white where two pictures differ."""
    return ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value else 0)
