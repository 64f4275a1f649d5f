"""The customer's window. Everything here runs in the main thread; what it means is decided elsewhere."""

import logging
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from types import TracebackType

from zuruf.host.ui.ended_page import EndedPage
from zuruf.host.ui.joining_page import JoiningPage
from zuruf.host.ui.orders import Orders
from zuruf.host.ui.port import Action, Busy, Caller, Problem, SetRights, View
from zuruf.host.ui.scrolling import ScrollingFrame
from zuruf.host.ui.session_page import SessionPage
from zuruf.host.ui.texts import Texts
from zuruf.host.ui.tray import TrayChoice, TrayKeeper
from zuruf.host.ui.widgets import WIDTH, Widgets, empty
from zuruf.host.ui.window_system import WindowSystem

log = logging.getLogger(__name__)

_PADDING = 20
_AROUND = 110
"""What a screen needs beside the window's content: title bar, task bar, a little air. Pixels at 96 dots per inch."""
_BELOW = 60
_ON_TOP_MS = 400
_AGAIN_MS = 30


class Window:
    """One window, one page at a time. An exception in any callback ends the whole app instead of half of it."""

    def __init__(
        self,
        texts: Texts,
        system: WindowSystem,
        orders: "Orders[Window]",
        act: Callable[[Action], None],
        answer: Callable[[object], None],
        close: Callable[[], None],
        touched: Callable[[], None],
    ) -> None:
        self.broken = False
        self._texts = texts
        self._system = system
        self._orders = orders
        self._act = act
        self._answer = answer
        self._close = close
        self._touched = touched
        self._session: SessionPage | None = None
        self._view: View | None = None
        self._tray: TrayKeeper | None = None
        self._old_pages: list[object] = []
        self._placed = False
        self._height = 0
        self.root = tk.Tk(className="zuruf-support-session")
        self.root.withdraw()
        self.root.title(texts("window.title"))
        self.root.resizable(False, False)
        system.dress(self.root)
        self.root.protocol("WM_DELETE_WINDOW", self._closed_by_customer)
        self.root.report_callback_exception = self._break
        self._widgets = Widgets(self.root, texts, system)
        self._scrolling = ScrollingFrame(self.root, self._widgets.background)
        self._body = ttk.Frame(self._scrolling.content)
        self._body.grid()
        self._foot = ttk.Frame(self.root)
        self._foot.columnconfigure(0, weight=1)
        self._foot.bind("<Configure>", lambda _event: self._arrange())
        self._scrolling.grid(row=0, sticky="nsew")
        self._foot.grid(row=1, sticky="we")
        self._arrange()
        self.root.bind("<Configure>", self._moved)
        self.root.bind("<Escape>", lambda _event: self._escape())

    def run(self) -> None:
        """Show the window until ``finish``, or until something breaks."""
        waker = self._system.waker(self.root, self._work_soon)
        self._orders.woken_by(waker)
        self._work_soon()
        try:
            self.root.mainloop()
        finally:
            self._orders.woken_by(None)
            waker.close()
            if self._tray is not None:
                self._tray.close()
            self.root.destroy()

    def _work_soon(self) -> None:
        # As a callback of Tk's: only those report what breaks.
        self.root.after(0, lambda: self._orders.work_off(self))

    def finish(self) -> None:
        """Close the window for good."""
        self.root.quit()

    def _break(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        log.error("the window broke", exc_info=(kind, error, trace))
        self.broken = True
        self.root.quit()

    # The window itself

    def _arrange(self) -> None:
        padding = self._widgets.pixels(_PADDING)
        self._body.columnconfigure(0, minsize=self._widgets.pixels(WIDTH))
        self._body.grid_configure(padx=padding, pady=(padding, padding // 2))
        self._foot.grid_configure(padx=padding, pady=(0, padding))
        around = self._widgets.pixels(_AROUND) + self._foot.winfo_reqheight()
        self._scrolling.limit(max(self._widgets.pixels(80), self.root.winfo_screenheight() - around))

    def _moved(self, event: "tk.Event[tk.Misc]") -> None:
        if event.widget is not self.root:
            return
        # Onto another monitor, perhaps: Tk itself does not notice.
        if self._widgets.rescale():
            self._arrange()
        if event.height > self._height:
            # Later: while Tk is busy with one change of the window's place, it does not make another.
            self.root.after_idle(self._keep_on_screen)
        self._height = event.height

    def _keep_on_screen(self) -> None:
        """Move a window that has grown so far up that its foot, with the way out, is in sight."""
        lowest = self.root.winfo_screenheight() - self.root.winfo_height() - self._widgets.pixels(_BELOW)
        if self.root.winfo_y() > lowest:
            self.root.geometry(f"+{self.root.winfo_x()}+{max(0, lowest)}")

    def _appear(self) -> None:
        if not self._placed:
            self._placed = True
            self.root.update_idletasks()
            x = (self.root.winfo_screenwidth() - self.root.winfo_reqwidth()) // 2
            y = (self.root.winfo_screenheight() - self.root.winfo_reqheight()) // 3
            self.root.geometry(f"+{max(0, x)}+{max(0, y)}")
        self.root.deiconify()

    def _to_front(self) -> None:
        """Bring the window to the customer's eyes."""
        self._appear()
        self.root.lift()
        self.root.attributes("-topmost", True)
        self._system.to_front(self.root.winfo_id())
        self.root.after_idle(self._take_keyboard)
        self.root.after(_ON_TOP_MS, self._no_longer_on_top)

    def _take_keyboard(self) -> None:
        """Put the focus where the page wants it.

        A program that was started in front has the keyboard before Tk knows, and what is not on the screen yet cannot
        have it.
        """
        wanted = self._widgets.wanted
        if wanted is None or not wanted.winfo_exists() or not self.root.winfo_viewable():
            return
        if wanted.winfo_viewable():
            wanted.focus_force()
        else:
            self.root.after(_AGAIN_MS, self._take_keyboard)

    def _no_longer_on_top(self) -> None:
        # A question stays in sight until it is answered.
        if self._session is None or not self._session.asking:
            self.root.attributes("-topmost", False)

    def _hide(self) -> None:
        if self._tray is None:
            self.root.iconify()
        else:
            self.root.withdraw()
            self._tray.hidden()

    def _closed_by_customer(self) -> None:
        # An active session has no reason to end because its window is in the way.
        if self._session is not None:
            self._hide()
        else:
            self._close()

    def _escape(self) -> None:
        if self._session is None:
            self._close()
        elif not self._session.escape():
            self._hide()

    def _clear(self) -> None:
        if self._session is not None:
            # Tk variables must not be collected by the other thread.
            self._old_pages.append(self._session)
        self._session = None
        empty(self._body)
        empty(self._foot)
        self._scrolling.to_top()

    def _joining(self) -> JoiningPage:
        self._clear()
        return JoiningPage(self._body, self._foot, self._widgets, self._answer, self._close)

    # Pages

    def ask_number(self, problem: Problem | None) -> None:
        """Show the page that asks for the session number."""
        self._joining().ask_number(problem)
        self._to_front()

    def ask_code(self, caller: Caller, problem: Problem | None) -> None:
        """Show who calls, and ask for the security code."""
        self._joining().ask_code(caller, problem)
        self._to_front()

    def busy(self, what: Busy) -> None:
        """Show that the customer has to wait a moment."""
        self._joining().busy(what)
        self._appear()

    def refuse(self, problem: Problem) -> None:
        """Show why the app does not go on."""
        self._joining().refuse(problem)
        self._to_front()

    def show(self, view: View) -> None:
        """Show the active session, or what has changed about it."""
        self._view = view
        if self._session is None:
            self._clear()
            self._session = SessionPage(self._body, self._foot, self._widgets, self._act, self._answer)
            if self._tray is None and self._system.open_tray is not None:
                self._tray = TrayKeeper(self._texts, self._system.open_tray(self._chosen))
            self._to_front()
        self._session.update(view)
        if self._tray is not None:
            self._tray.show(view)

    def ask_connection(self, caller: Caller, tool: str) -> None:
        """Ask above the session's page, and bring the window to the customer's eyes."""
        if self._session is not None:
            self._session.ask(caller, tool)
            self._scrolling.to_top()
            self._to_front()

    def hide_question(self) -> None:
        """Take the question away."""
        if self._session is not None:
            self._session.hide_question()
            self._no_longer_on_top()

    def ended(self, reason: str, receipt: str) -> None:
        """Show that everything is over."""
        self._clear()
        if self._tray is not None:
            self._tray.close()
            self._tray = None
        caller = None if self._view is None else self._view.caller
        EndedPage(self._body, self._foot, self._widgets, self._close, self._touched).show(reason, receipt, caller)
        self._to_front()

    # The icon beside the clock

    def _chosen(self, choice: TrayChoice) -> None:
        # Called in the icon's own thread.
        self._orders.put(lambda window: window.choose(choice))

    def choose(self, choice: TrayChoice) -> None:
        """Do what the customer chose at the icon."""
        if self._session is None or self._view is None:
            return
        if choice is TrayChoice.ASK:
            self._act(SetRights({"ask": not self._view.rights.ask}))
            return
        self._to_front()
        if choice is TrayChoice.END:
            self._session.confirm_end()
