"""The window, on a screen of its own: Tk in the main thread, the app in another."""

import asyncio
import tkinter as tk
from collections.abc import Callable, Iterator, Sequence
from tkinter import ttk
from typing import Any

import pytest

from zuruf.host.connection.link import Link
from zuruf.host.consent.rights import Rights
from zuruf.host.exit_codes import EXIT_BROKEN, EXIT_DONE
from zuruf.host.ui.port import Caller, CustomerLeft, EndSession, Problem, SetRights, UserInterface, View
from zuruf.host.ui.texts import Texts
from zuruf.host.ui.window import Window
from zuruf.host.ui.window_interface import WindowInterface, run_in_window
from zuruf.protocol.codes import Code

CALLER = Caller("1234567890", "Muster GmbH", "Tina Technik")
VIEW = View(CALLER, Link.ONLINE, (), 3600, Rights(), False)


@pytest.fixture(autouse=True)
def on_screen(screen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", screen)


def widgets(window: Window, kind: type[tk.Misc]) -> list[Any]:
    def below(widget: tk.Misc) -> Iterator[tk.Misc]:
        for child in widget.winfo_children():
            yield child
            yield from below(child)

    return [widget for widget in below(window.root) if isinstance(widget, kind)]


def press(text: str) -> Callable[[Window], None]:
    """An order that presses the button with this text."""

    def order(window: Window) -> None:
        (button,) = [button for button in widgets(window, ttk.Button) if str(button["text"]) == text]
        button.invoke()

    return order


def type_in(keys: Sequence[str]) -> Callable[[Window], None]:
    """An order that types into the window's only field, as far as keys can be typed without a window manager."""

    def order(window: Window) -> None:
        (entry,) = widgets(window, ttk.Entry)
        while window.root.focus_displayof() is not entry:
            entry.focus_force()
            window.root.update()
        # Key events go to the widget with the focus, and the X server gives that to windows it shows.
        window.root.update()
        assert window.root.focus_get() is entry
        for key in keys:
            entry.event_generate(f"<KeyPress-{key}>")
            entry.event_generate(f"<KeyRelease-{key}>")

    return order


async def seen(ui: WindowInterface, look: Callable[[Window], Any]) -> Any:
    """Return what a look at the window finds."""
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Any] = loop.create_future()

    def order(window: Window) -> None:
        value = look(window)
        loop.call_soon_threadsafe(found.set_result, value)

    ui.orders.put(order)
    async with asyncio.timeout(20):
        return await found


def text_of(window: Window) -> str:
    return "\n".join(str(label["text"]) for label in widgets(window, ttk.Label))


def run(script: Callable[[WindowInterface], Any]) -> int:
    async def app(ui: UserInterface) -> int:
        assert isinstance(ui, WindowInterface)
        async with asyncio.timeout(30):
            await script(ui)
        return EXIT_DONE

    return run_in_window(app, Texts("en"))


def test_the_customer_sees_who_calls_and_types_the_code() -> None:
    async def script(ui: WindowInterface) -> None:
        asking = asyncio.create_task(ui.ask_code(CALLER, Problem(Code.WRONG_CODE, 4)))
        await asyncio.sleep(0)
        text = await seen(ui, text_of)
        for part in ("Tina Technik", "Muster GmbH", "123 456 7890", "people you trust", "ZRF-303", "4 tries left"):
            assert part in text
        ui.orders.put(type_in([*"123456789", "Return"]))
        assert await asking == "123 456 789"

    assert run(script) == EXIT_DONE


def test_the_number_is_asked_for_in_the_same_way() -> None:
    async def script(ui: WindowInterface) -> None:
        asking = asyncio.create_task(ui.ask_number(None))
        await asyncio.sleep(0)
        ui.orders.put(type_in("1234567890"))
        ui.orders.put(press("Continue"))
        assert await asking == "123 456 7890"

    assert run(script) == EXIT_DONE


def test_cancelling_is_leaving() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.orders.put(lambda _window: None)
        asking = asyncio.create_task(ui.ask_number(None))
        await asyncio.sleep(0)
        ui.orders.put(press("Cancel"))
        with pytest.raises(CustomerLeft):
            await asking

    assert run(script) == EXIT_DONE


def test_an_active_session_shows_state_time_and_what_is_done() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.show(VIEW)
        text = await seen(ui, text_of)
        assert "The session is active" in text
        assert "1 h 0 min left" in text
        ui.show(View(CALLER, Link.ONLINE, (("remote_control", "controlling"),), 60, Rights(), False))
        text = await seen(ui, text_of)
        assert "Tina Technik is connected." in text
        assert "Remote control: controls mouse and keyboard" in text
        ui.show(View(CALLER, Link.OFFLINE, (), 60, Rights(), True))
        text = await seen(ui, text_of)
        assert "No connection to the server" in text
        assert "closed until you allow them again" in text

    assert run(script) == EXIT_DONE


def test_ending_takes_one_confirmation() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.show(VIEW)
        end = press("End support session and remove app")
        ui.orders.put(end)
        assert "The support session ends at once" in await seen(ui, text_of)
        ui.orders.put(press("Cancel"))
        assert "The support session ends at once" not in await seen(ui, text_of)
        ui.orders.put(end)
        ui.orders.put(end)
        assert await ui.next_action() == EndSession()

    assert run(script) == EXIT_DONE


def test_a_switch_acts_at_once() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.show(VIEW)

        def turn(window: Window) -> None:
            for box in widgets(window, ttk.Checkbutton):
                box.invoke()

        ui.orders.put(turn)
        names = ("view", "control", "clipboard", "files", "dashboard", "ask", "delete_download")
        actions = [await ui.next_action() for _ in names]
        assert actions == [SetRights({name: name == "ask"}) for name in names]

    assert run(script) == EXIT_DONE


@pytest.mark.parametrize(("button", "allowed"), [("Allow", True), ("Decline", False)])
def test_a_connection_is_allowed_or_declined(button: str, allowed: bool) -> None:
    async def script(ui: WindowInterface) -> None:
        ui.show(VIEW)
        question = asyncio.create_task(ui.ask_connection(CALLER, "remote_control"))
        await asyncio.sleep(0)
        assert "Allow the connection?" in await seen(ui, text_of)
        ui.orders.put(press(button))
        assert await question is allowed
        assert "Allow the connection?" not in await seen(ui, text_of)

    assert run(script) == EXIT_DONE


def test_two_connections_are_two_questions() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.show(VIEW)
        tools = ("dashboard", "file_manager")
        first, second = [asyncio.create_task(ui.ask_connection(CALLER, tool)) for tool in tools]
        await asyncio.sleep(0)
        assert "open a connection: Dashboard" in await seen(ui, text_of)
        ui.orders.put(press("Decline"))
        assert await first is False
        assert "open a connection: File manager" in await seen(ui, text_of)
        ui.orders.put(press("Allow"))
        assert await second is True

    assert run(script) == EXIT_DONE


def test_closing_the_window_of_an_active_session_ends_nothing() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.show(VIEW)
        assert await seen(ui, lambda window: window.root.tk.call(window.root.protocol("WM_DELETE_WINDOW"))) is not None
        ui.show(VIEW)
        assert "The session is active" in await seen(ui, text_of)

    assert run(script) == EXIT_DONE


def test_a_mistake_in_a_callback_ends_the_whole_app() -> None:
    stopped: list[str] = []

    async def script(ui: WindowInterface) -> None:
        def broken(_window: Window) -> None:
            raise RuntimeError("a mistake")

        ui.orders.put(broken)
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append("app")

    assert run(script) == EXIT_BROKEN
    assert stopped == ["app"]


def test_a_mistake_in_the_app_closes_the_window() -> None:
    async def script(_ui: WindowInterface) -> None:
        raise RuntimeError("a mistake")

    assert run(script) == EXIT_BROKEN


def test_closing_while_the_code_is_checked_stops_the_app() -> None:
    async def script(ui: WindowInterface) -> None:
        ui.busy("pairing")
        ui.orders.put(lambda window: window.root.tk.call(window.root.protocol("WM_DELETE_WINDOW")))
        await asyncio.Event().wait()

    assert run(script) == EXIT_DONE


def test_refusal_and_end_wait_for_the_customer() -> None:
    async def script(ui: WindowInterface) -> None:
        refusing = asyncio.create_task(ui.refuse(Problem(Code.SYSTEM_TOO_OLD)))
        await asyncio.sleep(0)
        assert "ZRF-503" in await seen(ui, text_of)
        ui.ended("customer", "")
        assert "You have ended the session." in await seen(ui, text_of)
        ui.orders.put(press("Close"))
        await refusing
        await ui.seen()

    assert run(script) == EXIT_DONE
