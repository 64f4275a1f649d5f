"""The pages before a session is active: number, who calls and the code, waiting, refused. Widgets only."""

import tkinter as tk
from collections.abc import Callable

from zuruf.host.ui.port import Busy, Caller, Problem
from zuruf.host.ui.texts import grouped
from zuruf.host.ui.widgets import PROBLEM, TITLE, Widgets, add
from zuruf.protocol.limits import CODE_DIGITS, SESSION_NUMBER_DIGITS


class JoiningPage:
    """Builds one of the pages into an empty body and an empty foot."""

    def __init__(
        self,
        body: tk.Misc,
        foot: tk.Misc,
        widgets: Widgets,
        answer: Callable[[object], None],
        close: Callable[[], None],
    ) -> None:
        self._body = body
        self._foot = foot
        self._widgets = widgets
        self._answer = answer
        self._close = close

    def _text(self, text: str, style: str = "TLabel") -> None:
        self._widgets.label(self._body, text, style)

    def _problem(self, problem: Problem | None) -> None:
        """Add what went wrong, beside what to do about it: at the foot, which never scrolls out of sight."""
        if problem is None:
            return
        label = self._widgets.label(self._foot, self._widgets.texts.problem(problem), PROBLEM)
        self._widgets.announce(label)
        if problem.report:
            self._offer_report(problem.report)

    def _offer_report(self, report: str) -> None:
        def copy() -> None:
            self._foot.clipboard_clear()
            self._foot.clipboard_append(report)
            self._widgets.set_text(copied, self._widgets.texts("problem.report"), announced=True)

        button = self._widgets.button(self._foot, "button.copy_report", copy)
        add(button, sticky="w", pady=(0, self._widgets.pixels(8)))
        copied = self._widgets.label(self._foot)

    def _digits(self, name: str, length: int, button: str, typed: str = "") -> None:
        """Add a labelled field for digits, grouped as they are typed, and the buttons. ``typed``: what is in it."""
        self._widgets.label(self._foot, name)
        entry = self._widgets.entry(self._foot, name, length + length // 3 + 2)
        add(entry, sticky="w", pady=(0, self._widgets.pixels(14)))

        def regroup(_event: object = None) -> None:
            if entry.index("insert") != entry.index("end"):
                return
            text = entry.get()
            wanted = grouped("".join(character for character in text if character.isdecimal())[:length])
            if text != wanted:
                entry.delete(0, "end")
                entry.insert(0, wanted)

        def submit(_event: object = None) -> None:
            self._answer(entry.get())

        entry.insert(0, typed)
        regroup()
        # Marked, so that whoever wants other digits only types them.
        entry.selection_range(0, "end")
        entry.bind("<KeyRelease>", regroup, add="+")
        entry.bind("<Return>", submit)
        entry.bind("<KP_Enter>", submit)
        go_on, _cancel = self._widgets.row(self._foot, (button, submit), ("button.cancel", self._close))
        go_on.configure(default="active")
        self._widgets.focus(entry)

    def ask_number(self, problem: Problem | None) -> None:
        """Ask for the session number."""
        t = self._widgets.texts
        self._text(t("number.title"), TITLE)
        self._problem(problem)
        typed = "" if problem is None else problem.typed
        self._digits(t("number.label"), SESSION_NUMBER_DIGITS, "button.continue", typed)

    def ask_code(self, caller: Caller, problem: Problem | None) -> None:
        """Show who calls and what will be possible, and ask for the security code."""
        t = self._widgets.texts
        self._text(t("caller", technician=caller.technician, company=caller.company), TITLE)
        self._text(t("session_number", number=grouped(caller.number)))
        self._text(f"{t('trust')} {t('trust.asked')}")
        self._text(f"{t('possible')}\n{t('possible.list')}")
        self._text(t("possible.end"))
        self._problem(problem)
        self._digits(t("code.label"), CODE_DIGITS, "button.activate")

    def busy(self, what: Busy) -> None:
        """Say that the customer has to wait a moment."""
        label = self._widgets.label(self._body, self._widgets.texts(f"busy.{what}"))
        self._widgets.announce(label)

    def refuse(self, problem: Problem) -> None:
        """Say why the app does not go on."""
        self._text(self._widgets.texts("refused.title"), TITLE)
        self._problem(problem)
        (button,) = self._widgets.row(self._foot, ("button.close", self._close))
        self._widgets.focus(button)
