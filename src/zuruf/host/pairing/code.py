"""The security code as the customer types it, and how often one may be tried. Pure; times in seconds."""

from zuruf.protocol.codes import Code
from zuruf.protocol.limits import CODE_DIGITS, CODE_LIFETIME_S, CODE_TRIES, SESSION_NUMBER_DIGITS

_IGNORED = str.maketrans("", "", " \t-.\u00a0\u2009\u202f")


def parse_digits(text: str, length: int) -> str | None:
    """Return the digits of what a person typed, with spaces, dots and hyphens between them, or None."""
    digits = text.strip().translate(_IGNORED)
    return digits if len(digits) == length and digits.isascii() and digits.isdecimal() else None


def parse_code(text: str) -> str | None:
    """Return the nine digits of a security code, or None."""
    return parse_digits(text, CODE_DIGITS)


def parse_number(text: str) -> str | None:
    """Return the ten digits of a session number, or None."""
    return parse_digits(text, SESSION_NUMBER_DIGITS)


def number_from_file_name(name: str) -> str | None:
    """Return the session number at the end of a program's name (``…-1234567890.exe``, ``… (1).exe``), or None."""
    stem = name[:-4] if name.lower().endswith(".exe") else name
    head, mark, _copy = stem.partition(" (")
    _, dash, digits = (head if mark else stem).rpartition("-")
    return parse_number(digits) if dash and " " not in digits else None


class CodeTries:
    """The host's own count: each try gives somebody in the middle one guess at the code, so a code is tried five times.

    The host cannot know which code is alive. It takes digits it has not seen as a new code only once the last one
    is dead; until then every try counts on the same code, mistyped or not. Digits of a dead code stay dead.
    """

    def __init__(self) -> None:
        self._spent = 0
        self._seen: set[str] = set()
        self._buried: set[str] = set()
        self._since_s: float | None = None
        self._dead = False

    @property
    def tries_left(self) -> int:
        """Tries left on the present code."""
        return 0 if self._dead else max(0, CODE_TRIES - self._spent)

    def refusal(self, code: str, now_s: float) -> Code | None:
        """Return CODE_DEAD for digits of a code that is dead at this end, or None."""
        if code in self._buried:
            return Code.CODE_DEAD
        too_old = self._since_s is not None and now_s - self._since_s >= CODE_LIFETIME_S
        if self._dead or self._spent >= CODE_TRIES or too_old:
            if code in self._seen:
                return Code.CODE_DEAD
            self._spent, self._since_s, self._dead = 0, None, False
            self._buried |= self._seen
            self._seen.clear()
        return None

    def spend(self, code: str, now_s: float) -> None:
        """Count a try: the host's proof is about to leave."""
        if self._since_s is None:
            self._since_s = now_s
        self._seen.add(code)
        self._spent += 1

    def died(self, code: str) -> None:
        """The other end says that the code is dead; the digits just typed belong to it."""
        self._seen.add(code)
        self._dead = True
