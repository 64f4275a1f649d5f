"""The page of an active session: state, time left, switches, and the way out. Widgets only."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from zuruf.host.connection.link import Link
from zuruf.host.ui.port import Action, AllowPasswords, Caller, EndSession, SetRights, View
from zuruf.host.ui.texts import Texts, grouped

_WRAP_PX = 420
_SWITCHES = ("ask", "view", "control", "clipboard")


class SessionPage:
    """Built once, then only updated, so that the focus stays where the customer put it."""

    def __init__(
        self, page: tk.Misc, texts: Texts, act: Callable[[Action], None], answer: Callable[[object], None]
    ) -> None:
        self._texts = texts
        self._act = act
        self._answer = answer
        self._question = ttk.Frame(page)
        self._question.grid(sticky="we")
        self._title = _label(page, "Title.TLabel")
        self._doing = _label(page)
        self._remaining = _label(page)
        self._caller = _label(page)
        self._passwords = ttk.Frame(page)
        self._passwords.grid(sticky="we")
        self._passwords_shown = False
        self._values: dict[str, tk.BooleanVar] = {}
        switches = ttk.LabelFrame(page, text=texts("switches"), padding=10)
        switches.grid(sticky="we", pady=(4, 14))
        for name in _SWITCHES:
            self._switch(switches, name)
        self._way_out = ttk.Frame(page)
        self._way_out.grid(sticky="we")
        self._offer_end()

    def _switch(self, parent: tk.Misc, name: str) -> None:
        value = tk.BooleanVar(parent, name != "ask")
        self._values[name] = value

        def turned() -> None:
            self._act(SetRights({name: value.get()}))

        box = ttk.Checkbutton(parent, text=self._texts(f"switch.{name}"), variable=value, command=turned)
        box.grid(sticky="w")

    def update(self, view: View) -> None:
        """Show the present state."""
        t = self._texts
        self._title["text"] = self._state(view)
        self._doing["text"] = "\n".join(
            t(f"activity.{activity}", tool=t(f"tool.{tool}")) for tool, activity in view.connections
        )
        self._remaining["text"] = t.remaining(view.remaining_s)
        caller = view.caller
        self._caller["text"] = "\n".join(
            (
                t("caller.active", technician=caller.technician, company=caller.company),
                t("session_number", number=grouped(caller.number)),
                t("trust"),
            )
        )
        for name, value in self._values.items():
            allowed = bool(getattr(view.rights, name))
            if value.get() != allowed:
                value.set(allowed)
        self._show_passwords(view.passwords_closed)

    def _state(self, view: View) -> str:
        if view.connections:
            return self._texts("state.connected", technician=view.caller.technician)
        if view.link is Link.ONLINE:
            return self._texts("state.active")
        return self._texts("state.offline" if view.link is Link.OFFLINE else "state.connecting")

    def _show_passwords(self, closed: bool) -> None:
        if closed == self._passwords_shown:
            return
        self._passwords_shown = closed
        _empty(self._passwords)
        if closed:
            _label(self._passwords, "Problem.TLabel")["text"] = self._texts("passwords.closed")
            text = self._texts("button.allow_passwords")
            _button(self._passwords, text, lambda: self._act(AllowPasswords())).grid(sticky="w", pady=(0, 10))

    # The question before a connection

    def ask(self, caller: Caller, tool: str) -> None:
        """Show the question; the button that declines has the focus."""
        t = self._texts
        self.hide_question()
        _label(self._question, "Title.TLabel")["text"] = t("question.title")
        _label(self._question)["text"] = t(
            "question", technician=caller.technician, company=caller.company, tool=t(f"tool.{tool}")
        )
        row = ttk.Frame(self._question)
        row.grid(sticky="e", pady=(0, 14))
        _button(row, t("button.allow"), lambda: self._answer(True)).grid(row=0, column=0)
        deny = _button(row, t("button.deny"), lambda: self._answer(False))
        deny.grid(row=0, column=1, padx=(8, 0))
        deny.focus_set()

    def hide_question(self) -> None:
        """Take the question away."""
        _empty(self._question)

    # The way out, with one confirmation in the same place

    def _offer_end(self) -> None:
        _empty(self._way_out)
        _button(self._way_out, self._texts("button.end"), self._confirm_end).grid(sticky="we")

    def _confirm_end(self) -> None:
        _empty(self._way_out)
        t = self._texts
        _label(self._way_out, "Title.TLabel")["text"] = t("end.title")
        _label(self._way_out)["text"] = t("end.question")
        row = ttk.Frame(self._way_out)
        row.grid(sticky="e")
        end = _button(row, t("button.end"), lambda: self._act(EndSession()))
        end.grid(row=0, column=0)
        _button(row, t("button.cancel"), self._offer_end).grid(row=0, column=1, padx=(8, 0))
        end.focus_set()


def _label(parent: tk.Misc, style: str = "TLabel") -> ttk.Label:
    label = ttk.Label(parent, style=style, wraplength=_WRAP_PX, justify="left")
    label.grid(sticky="w", pady=(0, 8))
    return label


def _button(parent: tk.Misc, text: str, command: Callable[[], None]) -> ttk.Button:
    button = ttk.Button(parent, text=text, command=command)
    button.bind("<Return>", lambda _event: button.invoke())
    return button


def _empty(frame: ttk.Frame) -> None:
    for child in frame.winfo_children():
        child.destroy()
    # Tk keeps the size of a frame whose last child is gone.
    frame.configure(height=1)
