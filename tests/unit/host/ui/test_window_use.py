"""The window by keyboard, by screen reader, beside the clock, and on small screens."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tkinter import ttk
from typing import Any

import pytest

from tests.support.host.window_system import RecordingWindowSystem
from tests.unit.host.ui.conftest import HEIGHT, WIDTH
from zuruf.host.connection.link import Link
from zuruf.host.consent.rights import Rights
from zuruf.host.ui.accessibility import Role
from zuruf.host.ui.ended_page import EndedPage
from zuruf.host.ui.orders import Orders
from zuruf.host.ui.port import AllowPasswords, Caller, EndSession, Problem, SetRights, View
from zuruf.host.ui.texts import Texts
from zuruf.host.ui.tray import TrayChoice
from zuruf.host.ui.window import Window
from zuruf.protocol.codes import Code

CALLER = Caller("1234567890", "Muster GmbH", "Tina Technik")
VIEW = View(CALLER, Link.ONLINE, (), 3600, Rights(), False)
CONNECTED = replace(VIEW, connections=(("remote_control", "viewing"),))


class Customer:
    """A window in this thread, and what its customer did with it."""

    def __init__(self, system: RecordingWindowSystem, language: str = "en") -> None:
        self.system = system
        self.orders: Orders[Window] = Orders()
        self.acts: list[Any] = []
        self.answers: list[Any] = []
        self.closed = 0
        self.touched = 0
        self.window = Window(
            Texts(language), system, self.orders, self.acts.append, self.answers.append, self._close, self._touch
        )

    def _close(self) -> None:
        self.closed += 1

    def _touch(self) -> None:
        self.touched += 1

    @property
    def names(self) -> list[str]:
        return self.system.reader.names()

    def settle(self) -> None:
        self.orders.work_off(self.window)
        self.window.root.update()

    def press(self, keys: str) -> None:
        root = self.window.root
        while root.focus_displayof() is None:
            root.focus_force()
            root.update()
        root.event_generate(keys)
        self.settle()

    def leave(self) -> None:
        self.window.root.destroy()


Begin = Callable[..., Customer]


@pytest.fixture
def begin(screen: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Begin]:
    monkeypatch.setenv("DISPLAY", screen)
    begun: list[Customer] = []

    def begin(dpi: float | None = None, language: str = "en") -> Customer:
        begun.append(Customer(RecordingWindowSystem(dpi), language))
        return begun[-1]

    yield begin
    while begun:
        begun.pop().leave()
    # Tcl aborts the process when another test's thread collects what is left of a window.
    gc.collect()


# By keyboard


def test_every_switch_turns_with_its_letter(begin: Begin) -> None:
    customer = begin()
    customer.window.show(replace(VIEW, downloaded=True))
    customer.settle()
    for letter in "vmxfdkl":
        customer.press(f"<Alt-KeyPress-{letter}>")
    names = ("view", "control", "clipboard", "files", "dashboard", "ask", "delete_download")
    assert customer.acts == [SetRights({name: name == "ask"}) for name in names]


def test_a_switch_that_is_not_there_has_no_letter(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.settle()
    customer.press("<Alt-KeyPress-l>")
    assert customer.acts == []


def test_ending_takes_two_keys(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.settle()
    customer.press("<Alt-KeyPress-e>")
    assert customer.acts == []
    customer.press("<KeyPress-Return>")
    assert customer.acts == [EndSession()]


def test_escape_takes_back_what_was_begun(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.window.ask_connection(CALLER, "remote_control")
    customer.settle()
    customer.press("<KeyPress-Escape>")
    assert customer.answers == [False]
    customer.window.hide_question()
    customer.press("<Alt-KeyPress-e>")
    customer.press("<KeyPress-Escape>")
    assert "End the session?" not in customer.names
    assert customer.acts == []


def test_escape_leaves_before_a_session(begin: Begin) -> None:
    customer = begin()
    customer.window.ask_code(CALLER, None)
    customer.settle()
    customer.press("<KeyPress-Escape>")
    assert customer.closed == 1


def test_passwords_are_allowed_again_with_a_letter(begin: Begin) -> None:
    customer = begin()
    customer.window.show(replace(VIEW, passwords_closed=True))
    customer.settle()
    customer.press("<Alt-KeyPress-p>")
    assert customer.acts == [AllowPasswords()]


def test_a_report_goes_to_the_clipboard(begin: Begin) -> None:
    customer = begin()
    customer.window.ask_number(Problem(Code.NO_CONNECTION, detail="help.example:443", report="ZRF-504\nhelp.example"))
    customer.settle()
    customer.press("<Alt-KeyPress-r>")
    assert customer.window.root.clipboard_get() == "ZRF-504\nhelp.example"
    assert "The report is copied. You can paste it into an e-mail." in customer.system.reader.announced


def test_a_number_that_did_not_work_need_not_be_typed_again(begin: Begin) -> None:
    customer = begin()
    customer.window.ask_number(Problem(Code.NO_CONNECTION, typed="1234567890"))
    customer.settle()
    field = customer.window.root.focus_get()
    assert isinstance(field, ttk.Entry)
    assert (field.get(), field.selection_get()) == ("123 456 7890", "123 456 7890")
    customer.press("<Return>")
    assert customer.answers == ["123 456 7890"]


# By screen reader


@pytest.mark.parametrize("language", ["de", "en"])
def test_everything_that_can_take_the_focus_has_a_name_and_a_role(begin: Begin, language: str) -> None:
    customer = begin(language=language)
    for page in (
        lambda w: w.ask_number(None),
        lambda w: w.ask_code(CALLER, Problem(Code.WRONG_CODE, 4)),
        lambda w: w.refuse(Problem(Code.SYSTEM_TOO_OLD)),
        lambda w: w.show(replace(CONNECTED, passwords_closed=True, downloaded=True)),
        lambda w: w.ended("customer", "Receipt\n"),
    ):
        page(customer.window)
        customer.settle()
        seen = []
        widget = customer.window.root.tk_focusNext()
        while widget is not None and widget not in seen:
            seen.append(widget)
            described = customer.system.reader.known[widget.winfo_id()]
            assert described.name
            assert described.role not in (Role.TEXT, Role.GROUP)
            widget = widget.tk_focusNext()
        assert seen


def test_nothing_is_known_of_controls_that_are_gone(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.window.ended("customer", "")
    customer.settle()
    assert not [name for name in customer.names if "View the screen" in name]


def test_a_switch_that_somebody_else_turned_is_told(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.window.show(replace(VIEW, rights=Rights(control=False)))
    customer.settle()
    states = {known.name: known.checked for known in customer.system.reader.known.values()}
    assert (states["View the screen"], states["Control mouse and keyboard"]) == (True, False)


def test_who_connects_and_what_went_wrong_is_read_out(begin: Begin) -> None:
    customer = begin()
    customer.window.ask_code(CALLER, Problem(Code.WRONG_CODE, 1))
    customer.window.show(VIEW)
    customer.window.show(CONNECTED)
    customer.window.ask_connection(CALLER, "dashboard")
    announced = customer.system.reader.announced
    assert "1 try left." in announced[0]
    assert "Tina Technik is connected." in announced
    assert "open a connection: Dashboard" in announced[-1]


def test_the_focus_is_told(begin: Begin) -> None:
    customer = begin()
    customer.window.ask_number(None)
    customer.settle()
    customer.press("<KeyPress-1>")
    (field,) = [known for known in customer.system.reader.known.values() if known.role is Role.EDIT]
    assert customer.system.reader.focused[-1] == field.name
    assert field.focused


# Beside the clock


def test_a_closed_window_goes_beside_the_clock_and_comes_back(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.settle()
    customer.press("<KeyPress-Escape>")
    (tray,) = customer.system.trays
    assert customer.window.root.state() == "withdrawn"
    assert len(tray.notices) == 1
    tray.choose(TrayChoice.OPEN)
    customer.settle()
    assert customer.window.root.state() == "normal"


def test_the_icon_asks_before_connections_and_ends(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    (tray,) = customer.system.trays
    tray.choose(TrayChoice.ASK)
    tray.choose(TrayChoice.END)
    customer.settle()
    assert customer.acts == [SetRights({"ask": True})]
    customer.press("<KeyPress-Return>")
    assert customer.acts[1:] == [EndSession()]


def test_there_is_no_icon_before_and_after_a_session(begin: Begin) -> None:
    customer = begin()
    customer.window.ask_code(CALLER, None)
    assert customer.system.trays == []
    customer.window.show(VIEW)
    customer.window.ended("technician", "")
    (tray,) = customer.system.trays
    assert tray.closed
    tray.choose(TrayChoice.END)
    customer.settle()
    assert customer.acts == []


# On small screens

Page = Callable[[Window], None]
PAGES: list[Page] = [
    lambda w: w.ask_code(CALLER, Problem(Code.WRONG_CODE, 4)),
    lambda w: w.show(replace(CONNECTED, downloaded=True, passwords_closed=True)),
    lambda w: (w.show(CONNECTED), w.ask_connection(CALLER, "remote_control")),  # type: ignore[func-returns-value]
    lambda w: w.ended("customer", "Receipt\n" * 30),
]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("dpi", [96.0, 192.0])
@pytest.mark.parametrize("page", PAGES)
def test_the_window_fits_and_its_buttons_are_in_sight(begin: Begin, page: Page, dpi: float, language: str) -> None:
    customer = begin(dpi, language)
    page(customer.window)
    customer.settle()
    root = customer.window.root
    assert root.winfo_x() >= 0
    assert root.winfo_x() + root.winfo_width() <= WIDTH
    assert root.winfo_y() + root.winfo_height() <= HEIGHT
    focused = root.focus_get() or root
    assert root.winfo_rooty() <= focused.winfo_rooty()
    assert focused.winfo_rooty() + focused.winfo_height() <= root.winfo_rooty() + root.winfo_height()


def test_a_window_that_grows_keeps_its_foot_in_sight(begin: Begin) -> None:
    customer = begin(96.0)
    customer.window.show(VIEW)
    customer.settle()
    root = customer.window.root
    root.geometry(f"+100+{HEIGHT - root.winfo_height() - 70}")
    customer.settle()
    customer.window.ask_connection(CALLER, "remote_control")
    for _ in range(3):
        customer.settle()
    assert root.winfo_y() + root.winfo_height() <= HEIGHT


def test_another_monitor_is_another_scaling(begin: Begin) -> None:
    customer = begin(96.0)
    customer.window.show(VIEW)
    customer.settle()
    before = customer.window.root.winfo_width()
    customer.system.monitor_dpi = 144.0
    customer.window.root.geometry("+5+5")
    for _ in range(3):
        customer.settle()
    assert 1.4 < customer.window.root.winfo_width() / before < 1.6


# The end


def test_the_receipt_is_saved_as_a_file(begin: Begin, tmp_path: Path) -> None:
    customer = begin()
    body, foot = ttk.Frame(customer.window.root), ttk.Frame(customer.window.root)
    page = EndedPage(body, foot, customer.window._widgets, lambda: None, lambda: None)
    page.show("customer", "Größe\nEnde\n", CALLER)
    page.save(tmp_path / "receipt.txt", "Größe\nEnde\n")
    assert (tmp_path / "receipt.txt").read_bytes() == "\ufeffGröße\r\nEnde\r\n".encode()
    page.save(tmp_path / "no such folder" / "receipt.txt", "x")
    assert customer.system.reader.announced[-2:] == [
        "Saved: receipt.txt",
        "The receipt could not be saved there. Please choose another place.",
    ]


def test_the_end_says_where_to_turn_with_doubts(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.window.ended("technician", "")
    assert any("Call Muster GmbH" in name and "123 456 7890" in name for name in customer.names)
    assert "Save removal receipt …" not in customer.names


def test_who_touches_the_last_page_has_time_to_read_it(begin: Begin) -> None:
    customer = begin()
    customer.window.show(VIEW)
    customer.window.ended("technician", "Receipt\n")
    customer.settle()
    assert customer.touched == 0
    customer.press("<KeyPress-Tab>")
    assert customer.touched == 1
