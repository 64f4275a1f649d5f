"""The page of an active session: state, time left, switches, and the way out. Widgets only."""

import tkinter as tk
from collections.abc import Callable
from tkinter import ttk

from zuruf.host.connection.link import Link
from zuruf.host.ui.port import Action, AllowPasswords, Caller, EndSession, SetRights, View
from zuruf.host.ui.texts import grouped
from zuruf.host.ui.widgets import PROBLEM, TITLE, Widgets, add, empty

_SWITCHES = ("view", "control", "clipboard", "files", "dashboard", "ask", "delete_download")


class SessionPage:
    """Built once, then only updated, so that the focus stays where the customer put it."""

    def __init__(
        self,
        body: tk.Misc,
        foot: tk.Misc,
        widgets: Widgets,
        act: Callable[[Action], None],
        answer: Callable[[object], None],
    ) -> None:
        self._widgets = widgets
        self._act = act
        self._answer = answer
        self._foot = foot
        self._question = ttk.Frame(body)
        add(self._question, sticky="we")
        self._title = widgets.label(body, style=TITLE)
        self._doing = widgets.label(body)
        self._remaining = widgets.label(body)
        self._caller = widgets.label(body)
        self._passwords = ttk.Frame(body)
        add(self._passwords, sticky="we")
        self._passwords_shown = False
        self._values: dict[str, tk.BooleanVar] = {}
        self._boxes: dict[str, ttk.Checkbutton] = {}
        switches = widgets.group(body, "switches")
        add(switches, sticky="we", pady=(widgets.pixels(4), widgets.pixels(14)))
        for name in _SWITCHES:
            add(self._switch(switches, name), sticky="w")
        self._offer_end()

    def _switch(self, parent: tk.Misc, name: str) -> ttk.Checkbutton:
        box, value = self._widgets.switch(
            parent, f"switch.{name}", lambda allowed: self._act(SetRights({name: allowed}))
        )
        self._values[name], self._boxes[name] = value, box
        return box

    def update(self, view: View) -> None:
        """Show the present state."""
        w, t = self._widgets, self._widgets.texts
        w.set_text(self._title, self._state(view), announced=True)
        w.set_text(self._doing, "\n".join(t.doing(tool, report) for tool, report in view.connections))
        w.set_text(self._remaining, t.remaining(view.remaining_s))
        caller = view.caller
        lines = (
            t("caller.active", technician=caller.technician, company=caller.company),
            t("session_number", number=grouped(caller.number)),
            t("trust"),
        )
        w.set_text(self._caller, "\n".join(lines))
        for name, value in self._values.items():
            allowed = bool(getattr(view.rights, name))
            if value.get() != allowed:
                value.set(allowed)
        if view.downloaded:
            self._boxes["delete_download"].grid()
        else:
            self._boxes["delete_download"].grid_remove()
        self._show_passwords(view.passwords_closed)

    def _state(self, view: View) -> str:
        t = self._widgets.texts
        if view.connections:
            return t("state.connected", technician=view.caller.technician)
        if view.link is Link.ONLINE:
            return t("state.active")
        return t("state.offline" if view.link is Link.OFFLINE else "state.connecting")

    def _show_passwords(self, closed: bool) -> None:
        if closed == self._passwords_shown:
            return
        self._passwords_shown = closed
        empty(self._passwords)
        if closed:
            w = self._widgets
            w.announce(w.label(self._passwords, w.texts("passwords.closed"), PROBLEM))
            button = w.button(self._passwords, "button.allow_passwords", lambda: self._act(AllowPasswords()))
            add(button, sticky="w", pady=(0, w.pixels(10)))

    # The question before a connection

    @property
    def asking(self) -> bool:
        """Whether a question waits for its answer."""
        return bool(self._question.winfo_children())

    def ask(self, caller: Caller, tool: str) -> None:
        """Show the question; the button that declines has the focus."""
        w, t = self._widgets, self._widgets.texts
        self.hide_question()
        w.label(self._question, t("question.title"), TITLE)
        text = t("question", technician=caller.technician, company=caller.company, tool=t(f"tool.{tool}"))
        w.announce(w.label(self._question, text))
        _allow, deny = w.row(
            self._question,
            ("button.allow", lambda: self._answer(True)),
            ("button.deny", lambda: self._answer(False)),
        )
        add(ttk.Separator(self._question), sticky="we", pady=w.pixels(12))
        self._widgets.focus(deny)

    def hide_question(self) -> None:
        """Take the question away."""
        empty(self._question)

    # The way out, with one confirmation in the same place

    def _offer_end(self) -> None:
        empty(self._foot)
        self._confirming = False
        add(self._widgets.button(self._foot, "button.end", self.confirm_end), sticky="we")

    def confirm_end(self) -> None:
        """Ask once whether the session is to end."""
        empty(self._foot)
        self._confirming = True
        w, t = self._widgets, self._widgets.texts
        w.label(self._foot, t("end.title"), TITLE)
        w.announce(w.label(self._foot, t("end.question")))
        end, _cancel = w.row(
            self._foot,
            ("button.end", lambda: self._act(EndSession())),
            ("button.cancel", self._offer_end),
        )
        self._widgets.focus(end)

    def escape(self) -> bool:
        """Take back what was begun: a question is declined, a confirmation cancelled. False: there was neither."""
        if self.asking:
            self._answer(False)
        elif self._confirming:
            self._offer_end()
        else:
            return False
        return True
