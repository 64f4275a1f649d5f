"""The customer's window. Everything here runs in the main thread; what it means is decided elsewhere."""

import logging
import queue
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from types import TracebackType

from zuruf.host.ui.port import Action, Busy, Caller, Problem, View
from zuruf.host.ui.session_page import SessionPage
from zuruf.host.ui.texts import Texts, grouped
from zuruf.protocol.limits import CODE_DIGITS, SESSION_NUMBER_DIGITS

log = logging.getLogger(__name__)

_POLL_BUSY_MS, _POLL_QUIET_MS = 60, 600
"""How often the other thread's orders are looked for: often while things happen, seldom in a session's quiet hours."""
_BUSY_POLLS = 50
_WRAP_PX = 420
_PADDING_PX = 20


class Window:
    """One window, one page at a time. An exception in any callback ends the whole app instead of half of it."""

    def __init__(
        self,
        texts: Texts,
        orders: "queue.SimpleQueue[Callable[[Window], None]]",
        act: Callable[[Action], None],
        answer: Callable[[object], None],
        close: Callable[[], None],
    ) -> None:
        self.broken = False
        self._texts = texts
        self._orders = orders
        self._act = act
        self._answer = answer
        self._close = close
        self._session: SessionPage | None = None
        self._old_pages: list[SessionPage] = []
        self._quiet_polls = 0
        self.root = tk.Tk(className="zuruf-support-session")
        self.root.title(texts("window.title"))
        self.root.resizable(False, False)
        self.root.protocol("WM_DELETE_WINDOW", self._closed_by_customer)
        self.root.report_callback_exception = self._break
        style = ttk.Style(self.root)
        if self.root.tk.call("tk", "windowingsystem") == "x11":
            # The other systems have a theme of their own that people know.
            style.theme_use("clam")
            self.root.configure(background=style.lookup("TFrame", "background"))
        style.configure("Title.TLabel", font=("TkDefaultFont", 14, "bold"))
        style.configure("Problem.TLabel", foreground="#a11212")
        self._page = ttk.Frame(self.root, padding=_PADDING_PX)
        self._page.grid(sticky="nsew")

    def run(self) -> None:
        """Show the window until ``finish``, or until something breaks."""
        self.root.after(0, self._poll)
        self.root.mainloop()
        self.root.destroy()

    def finish(self) -> None:
        """Close the window for good."""
        self.root.quit()

    def _poll(self) -> None:
        self._quiet_polls += 1
        while True:
            try:
                order = self._orders.get_nowait()
            except queue.Empty:
                break
            self._quiet_polls = 0
            order(self)
        busy = self._session is None or self._quiet_polls < _BUSY_POLLS
        self.root.after(_POLL_BUSY_MS if busy else _POLL_QUIET_MS, self._poll)

    def _break(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("the window broke", exc_info=(kind, error, trace))
        self.broken = True
        self.root.quit()

    def _closed_by_customer(self) -> None:
        # An active session has no reason to end because its window is in the way.
        if self._session is not None:
            self.root.iconify()
        else:
            self._close()

    # Pages

    def _clear(self) -> None:
        if self._session is not None:
            # Tk variables must not be collected by the other thread.
            self._old_pages.append(self._session)
        self._session = None
        for child in self._page.winfo_children():
            child.destroy()

    def _text(self, text: str, style: str = "TLabel") -> None:
        ttk.Label(self._page, text=text, style=style, wraplength=_WRAP_PX, justify="left").grid(
            sticky="w", pady=(0, 10)
        )

    def _problem(self, problem: Problem | None) -> None:
        if problem is not None:
            self._text(self._texts.problem(problem), "Problem.TLabel")

    def _digits(self, label: str, length: int, button: str) -> None:
        """Add a labelled field for digits, grouped as they are typed, and the buttons."""
        name = ttk.Label(self._page, text=label, wraplength=_WRAP_PX)
        name.grid(sticky="w")
        entry = ttk.Entry(self._page, font=("TkFixedFont", 16), width=length + length // 3 + 2)
        entry.grid(sticky="we", pady=(2, 14))

        def regroup(_event: object) -> None:
            if entry.index("insert") != entry.index("end"):
                return
            typed = entry.get()
            wanted = grouped("".join(character for character in typed if character.isdecimal())[:length])
            if typed != wanted:
                entry.delete(0, "end")
                entry.insert(0, wanted)

        def submit(_event: object = None) -> None:
            self._answer(entry.get())

        entry.bind("<KeyRelease>", regroup)
        entry.bind("<Return>", submit)
        entry.bind("<KP_Enter>", submit)
        row = ttk.Frame(self._page)
        row.grid(sticky="e")
        _button(row, self._texts("button.cancel"), self._close).grid(row=0, column=1, padx=(8, 0))
        _button(row, button, submit).grid(row=0, column=0)
        entry.focus_set()

    def ask_number(self, problem: Problem | None) -> None:
        """Show the page that asks for the session number."""
        self._clear()
        self._text(self._texts("number.title"), "Title.TLabel")
        self._problem(problem)
        self._digits(self._texts("number.label"), SESSION_NUMBER_DIGITS, self._texts("button.continue"))

    def ask_code(self, caller: Caller, problem: Problem | None) -> None:
        """Show who calls, and ask for the security code."""
        self._clear()
        t = self._texts
        self._text(t("caller", technician=caller.technician, company=caller.company), "Title.TLabel")
        self._text(t("session_number", number=grouped(caller.number)))
        self._text(t("trust"))
        self._text(t("code.hint"))
        self._problem(problem)
        self._digits(t("code.label"), CODE_DIGITS, t("button.activate"))

    def busy(self, what: Busy) -> None:
        """Show that the customer has to wait a moment."""
        self._clear()
        self._text(self._texts(f"busy.{what}"))

    def refuse(self, problem: Problem) -> None:
        """Show why the app does not go on."""
        self._clear()
        self._text(self._texts("refused.title"), "Title.TLabel")
        self._problem(problem)
        self._close_button()

    def show(self, view: View) -> None:
        """Show the active session, or what has changed about it."""
        if self._session is None:
            self._clear()
            self._session = SessionPage(self._page, self._texts, self._act, self._answer)
        self._session.update(view)

    def ask_connection(self, caller: Caller, tool: str) -> None:
        """Ask above the session's page, and bring the window to the customer's eyes."""
        if self._session is not None:
            self._session.ask(caller, tool)
            self.root.deiconify()
            self.root.lift()

    def hide_question(self) -> None:
        """Take the question away."""
        if self._session is not None:
            self._session.hide_question()

    def ended(self, reason: str) -> None:
        """Show that everything is over."""
        self._clear()
        self._text(self._texts("ended.title"), "Title.TLabel")
        self._text(self._texts(f"ended.{reason}"))
        self._text(self._texts("ended.removed"))
        self._close_button()

    def _close_button(self) -> None:
        button = _button(self._page, self._texts("button.close"), self._close)
        button.grid(sticky="e")
        button.focus_set()


def _button(parent: tk.Misc, text: str, command: Callable[[], None]) -> ttk.Button:
    button = ttk.Button(parent, text=text, command=command)
    button.bind("<Return>", lambda _event: button.invoke())
    return button
