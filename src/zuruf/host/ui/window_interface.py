"""Joins the two threads of the windowed app: the event loop asks, the Tk thread answers. Not for widgets."""

import asyncio
import contextlib
import gc
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from zuruf.host.exit_codes import EXIT_BROKEN
from zuruf.host.running import Running
from zuruf.host.ui.orders import Orders
from zuruf.host.ui.port import Action, Busy, Caller, CustomerLeft, Problem, UserInterface, View
from zuruf.host.ui.texts import Texts
from zuruf.host.ui.window import Window
from zuruf.host.ui.window_system import PlainWindowSystem, WindowSystem

SEEN_S = 12.0
"""How long the last page stays when the customer does nothing."""
TOUCHED_S = 300.0
"""How long it stays at most while the customer reads it or saves the receipt."""


class WindowInterface:
    """The ``UserInterface`` whose other half is a ``Window`` in the main thread."""

    def __init__(self) -> None:
        self.running: Running | None = None
        self.orders: Orders[Window] = Orders()
        self._pending: asyncio.Future[Any] | None = None
        self._actions: asyncio.Queue[Action] = asyncio.Queue()
        self._closed = asyncio.Event()
        self._asking = asyncio.Lock()
        self._final = False
        self._touched = asyncio.Event()

    # From the Tk thread

    def act(self, action: Action) -> None:
        """The customer used a control of an active session."""
        self._call(self._actions.put_nowait, action)

    def answer(self, value: object) -> None:
        """The customer answered what was asked last."""
        self._call(self._resolve, value)

    def close(self) -> None:
        """The customer closed a window that has no session."""
        self._call(self._close)

    def touched(self) -> None:
        """The customer does something with the last page."""
        self._call(self._touched.set)

    def _call(self, function: Callable[..., object], *values: object) -> None:
        if self.running is not None:
            self.running.call(function, *values)

    # In the event loop's thread

    def _resolve(self, value: object) -> None:
        if self._pending is not None and not self._pending.done():
            self._pending.set_result(value)

    def _close(self) -> None:
        self._closed.set()
        if self._pending is not None and not self._pending.done():
            self._pending.set_exception(CustomerLeft())
        elif not self._final and self.running is not None:
            # In the middle of looking up or pairing: nothing is installed yet.
            self.running.stop()

    async def _ask(self, order: Callable[[Window], None]) -> Any:
        if self._closed.is_set():
            raise CustomerLeft
        self._pending = asyncio.get_running_loop().create_future()
        self.orders.put(order)
        return await self._pending

    async def ask_number(self, problem: Problem | None) -> str:
        """Show the page that asks for the session number."""
        return str(await self._ask(lambda window: window.ask_number(problem)))

    async def ask_code(self, caller: Caller, problem: Problem | None) -> str:
        """Show who calls, and ask for the security code."""
        return str(await self._ask(lambda window: window.ask_code(caller, problem)))

    async def ask_connection(self, caller: Caller, tool: str) -> bool:
        """Show the question above the session's page."""
        async with self._asking:
            try:
                return bool(await self._ask(lambda window: window.ask_connection(caller, tool)))
            finally:
                self.orders.put(lambda window: window.hide_question())

    def busy(self, what: Busy) -> None:
        """Show that the customer has to wait a moment."""
        self.orders.put(lambda window: window.busy(what))

    async def refuse(self, problem: Problem) -> None:
        """Show why the app does not go on; returns when the customer closes the window."""
        self._final = True
        self.orders.put(lambda window: window.refuse(problem))
        await self._closed.wait()

    def show(self, view: View) -> None:
        """Show the active session."""
        self.orders.put(lambda window: window.show(view))

    async def next_action(self) -> Action:
        """Return the next thing the customer wants."""
        return await self._actions.get()

    def ended(self, reason: str, receipt: str) -> None:
        """Show that everything is over and removed."""
        self._final = True
        self.orders.put(lambda window: window.ended(reason, receipt))

    async def seen(self) -> None:
        """Return when the window is closed, or after some seconds in which the customer touches nothing."""
        if not await self._closed_within(SEEN_S) and self._touched.is_set():
            await self._closed_within(TOUCHED_S)

    async def _closed_within(self, seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closed.wait()
        return self._closed.is_set()


def run_in_window(
    run: Callable[[UserInterface], Coroutine[Any, Any, int]], texts: Texts, system: WindowSystem | None = None
) -> int:
    """Run the app with a window: Tk in this thread, which must be the main one, the event loop in another.

    ``system``: the desktop around the window; without one, what Tk itself can do.
    """
    interface = WindowInterface()
    running = Running(lambda: run(interface))
    interface.running = running
    window: Window | None = Window(
        texts,
        system or PlainWindowSystem(),
        interface.orders,
        interface.act,
        interface.answer,
        interface.close,
        interface.touched,
    )

    def work() -> None:
        try:
            running.block()
        finally:
            interface.orders.put(lambda window: window.finish())

    thread = threading.Thread(target=work, name="event loop")
    assert window is not None
    with running.stopped_by_signals():
        thread.start()
        try:
            window.run()
        finally:
            running.stop()
            thread.join()
    broken = window.broken
    # Tcl aborts the process when another thread than this one collects what is left of the window.
    window = None
    gc.collect()
    return EXIT_BROKEN if broken else running.exit_code
