"""Reads what is on a screen, as a person does: text recognition of a window's picture."""

import difflib
import re
import subprocess
import tempfile
from pathlib import Path

from tests.support.x11 import XServer

_WORD = re.compile(r"[^\W\d_]+")
_ALIKE = 0.6
_ENOUGH = 0.8
"""Of a sentence's words: a letter taken for another one is not the customer's problem."""


def read(screen: XServer, window: str) -> str:
    """Return the text in an X window, line by line."""
    with tempfile.TemporaryDirectory() as folder:
        picture, larger = Path(folder) / "window.png", Path(folder) / "larger.png"
        screen.run("import", "-window", window, str(picture))
        # Letters of a screen are too small for the recognition.
        screen.run("convert", str(picture), "-colorspace", "Gray", "-resize", "300%", str(larger))
        done = subprocess.run(
            ["tesseract", str(larger), "-", "-l", "deu", "--psm", "6"],
            env={"PATH": "/usr/bin:/bin", "OMP_THREAD_LIMIT": "1"}, check=True, capture_output=True, text=True,
            timeout=60,
        )  # fmt: skip
    return done.stdout


def says(text: str, sentence: str) -> bool:
    """Whether the text that was read has this sentence in it; numbers to the digit, words but for a few."""
    lines = [_digits(line) for line in text.splitlines()]
    there = set(_words(text))
    numbers = [number for number in map(_digits, sentence.split()) if number]
    wanted = _words(sentence)
    found = [word for word in wanted if difflib.get_close_matches(word, there, 1, _ALIKE)]
    return all(any(number in line for line in lines) for number in numbers) and len(found) >= _ENOUGH * len(wanted)


def _digits(text: str) -> str:
    # Dots and colons get lost between digits.
    return "".join(letter for letter in text if letter.isdigit())


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]
