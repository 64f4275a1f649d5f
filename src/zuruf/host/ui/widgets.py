"""Makes the window's controls, all in one way: scaled to the monitor, used by keyboard, told to screen readers."""

import tkinter as tk
from collections.abc import Callable
from dataclasses import replace
from tkinter import font, ttk
from typing import Any

from zuruf.host.ui.accessibility import Description, Role
from zuruf.host.ui.texts import Control, Texts
from zuruf.host.ui.window_system import WindowSystem

TITLE, PROBLEM, TEXT = "Title.TLabel", "Problem.TLabel", "TLabel"

_DESIGN_DPI = 96
"""Lengths in the sources are pixels of a monitor with so many dots per inch."""
_POINTS_PER_INCH = 72
WIDTH = 460
"""Of every page's text, in pixels of the design."""
_PROBLEM_COLOUR = "#a11212"
_TITLE_POINTS, _DIGITS_POINTS = 14, 16


class Widgets:
    """The controls of one window. Not for what they mean."""

    def __init__(self, root: tk.Tk, texts: Texts, system: WindowSystem) -> None:
        self.texts = texts
        self._root = root
        self._system = system
        self._tell = system.accessibility
        self._descriptions: dict[str, Description] = {}
        self._labels: list[ttk.Label] = []
        self.wanted: tk.Misc | None = None
        """What the page wants the keyboard's focus on."""
        self._letters: list[tuple[tk.Misc, str, Callable[[], object]]] = []
        style = ttk.Style(root)
        style.theme_use(system.theme)
        self.background = str(style.lookup("TFrame", "background"))
        root.configure(background=self.background)
        self._title_font = self._font("TkDefaultFont", _TITLE_POINTS, "bold")
        self.digits_font = self._font("TkFixedFont", _DIGITS_POINTS, "normal")
        style.configure(TITLE, font=self._title_font)
        if not system.high_contrast():
            style.configure(PROBLEM, foreground=_PROBLEM_COLOUR)
        self.dpi = 0.0
        self.rescale()
        root.bind("<Alt-KeyPress>", self._letter_pressed)

    def _font(self, like: str, points: int, weight: str) -> font.Font:
        made = font.nametofont(like, self._root).copy()
        made.configure(size=points, weight=weight)  # type: ignore[arg-type]
        return made

    # Size

    def rescale(self) -> bool:
        """Take the size of the monitor the window is on; returns whether it was another one."""
        dpi = self._system.dpi(self._root.winfo_id()) or float(self._root.tk.call("tk", "scaling")) * _POINTS_PER_INCH
        if dpi == self.dpi:
            return False
        self.dpi = dpi
        self._root.tk.call("tk", "scaling", dpi / _POINTS_PER_INCH)
        fonts = [font.nametofont(name, self._root) for name in font.names(self._root) if name.startswith("Tk")]
        for known in (*fonts, self._title_font, self.digits_font):
            # Tk takes another scaling to heart only when a font is set anew.
            known.configure(size=known.cget("size"))
        self._labels = [label for label in self._labels if label.winfo_exists()]
        for label in self._labels:
            label.configure(wraplength=self.pixels(WIDTH))
        return True

    def pixels(self, length: int) -> int:
        """Return a length of the design in pixels of this monitor."""
        return round(length * self.dpi / _DESIGN_DPI)

    # Controls

    def label(self, parent: tk.Misc, text: str = "", style: str = TEXT) -> ttk.Label:
        """Add a line or a paragraph at the bottom of the parent's grid; without a text it takes no place."""
        label = ttk.Label(parent, text=text, style=style, wraplength=self.pixels(WIDTH), justify="left")
        add(label, sticky="w", pady=(0, self.pixels(8)))
        if not text:
            label.grid_remove()
        self._labels.append(label)
        self._describe(label, Description(Role.TEXT, text))
        return label

    def set_text(self, label: ttk.Label, text: str, *, announced: bool = False) -> None:
        """Change a label; an announced change is read out at once."""
        if label["text"] != text:
            label["text"] = text
            if text:
                label.grid()
            else:
                label.grid_remove()
            self._change(label, name=text)
            if announced and text:
                self.announce(label)

    def button(self, parent: tk.Misc, message: str, command: Callable[[], object]) -> ttk.Button:
        """Make a button with the control text of this id; whoever calls puts it somewhere."""
        control = self.texts.control(message)
        button = ttk.Button(parent, text=control.text, underline=control.underline, command=command)
        button.bind("<Return>", lambda _event: button.invoke())
        button.bind("<KP_Enter>", lambda _event: button.invoke())
        self._pressed_by_letter(button, control, button.invoke)
        self._describe(button, Description(Role.BUTTON, control.text, shortcut=_shortcut(control)))
        return button

    def row(self, parent: tk.Misc, *buttons: tuple[str, Callable[[], object]]) -> list[ttk.Button]:
        """Add buttons side by side, at the right."""
        row = ttk.Frame(parent)
        add(row, sticky="e")
        made = []
        for column, (message, command) in enumerate(buttons):
            button = self.button(row, message, command)
            button.grid(row=0, column=column, padx=(0 if column == 0 else self.pixels(8), 0))
            made.append(button)
        return made

    def switch(
        self, parent: tk.Misc, message: str, turned: Callable[[bool], None]
    ) -> tuple[ttk.Checkbutton, tk.BooleanVar]:
        """Make a switch; its variable may be set, ``turned`` is called when the customer turns it."""
        control = self.texts.control(message)
        value = tk.BooleanVar(parent)
        box = ttk.Checkbutton(
            parent,
            text=control.text,
            underline=control.underline,
            variable=value,
            command=lambda: turned(value.get()),
        )
        self._pressed_by_letter(box, control, box.invoke)
        self._describe(box, Description(Role.CHECK_BOX, control.text, shortcut=_shortcut(control)))
        value.trace_add("write", lambda *_: self._change(box, checked=value.get()))
        return box, value

    def group(self, parent: tk.Misc, message: str) -> ttk.LabelFrame:
        """Add a frame with a heading."""
        group = ttk.LabelFrame(parent, text=self.texts(message), padding=self.pixels(8))
        self._describe(group, Description(Role.GROUP, self.texts(message)))
        return group

    def entry(self, parent: tk.Misc, name: str, width: int) -> ttk.Entry:
        """Make a field for digits."""
        entry = ttk.Entry(parent, font=self.digits_font, width=width)
        self._describe(entry, Description(Role.EDIT, name))
        entry.bind("<KeyRelease>", lambda _event: self._change(entry, value=entry.get()), add="+")
        return entry

    def document(self, parent: tk.Misc, text: str, lines: int) -> tk.Text:
        """Add a text to read and to copy from, with a scroll bar where it is longer than so many lines."""
        frame = ttk.Frame(parent)
        add(frame, sticky="we", pady=(0, self.pixels(8)))
        frame.columnconfigure(0, weight=1)
        shown = tk.Text(frame, width=20, height=lines, wrap="word", font="TkDefaultFont", padx=6, pady=4)
        shown.insert("1.0", text)
        shown.configure(state="disabled", takefocus=True)
        shown.grid(row=0, column=0, sticky="we")
        bar = ttk.Scrollbar(frame, orient="vertical", command=shown.yview, takefocus=False)
        bar.grid(row=0, column=1, sticky="ns")
        shown.configure(yscrollcommand=bar.set)
        # In a text Tab is a character, unless it can only be read.
        shown.bind("<Tab>", _to_next)
        self._describe(shown, Description(Role.DOCUMENT, text.partition("\n")[0], value=text))
        return shown

    # The keyboard's focus

    def focus(self, widget: tk.Misc) -> None:
        """Give a control the keyboard's focus, also when the window gets it only later."""
        self.wanted = widget
        widget.focus_set()

    # Letters

    def _pressed_by_letter(self, widget: tk.Misc, control: Control, press: Callable[[], object]) -> None:
        if control.letter:
            self._letters = [entry for entry in self._letters if entry[0].winfo_exists()]
            self._letters.append((widget, control.letter, press))

    def _letter_pressed(self, event: "tk.Event[tk.Misc]") -> str | None:
        for widget, letter, press in self._letters:
            if letter == event.keysym.lower() and widget.winfo_exists() and widget.winfo_viewable():
                widget.focus_set()
                press()
                return "break"
        return None

    # Screen readers

    def announce(self, widget: tk.Misc) -> None:
        """Have a control read out now."""
        self._tell.announce(widget.winfo_id())

    def _describe(self, widget: tk.Misc, description: Description) -> None:
        window_id = widget.winfo_id()
        self._descriptions[str(widget)] = description
        self._tell.describe(window_id, description)
        if description.role not in (Role.TEXT, Role.GROUP):
            # Tk would take a label with such bindings for something to reach with Tab.
            widget.bind("<FocusIn>", lambda _event: self._change(widget, focused=True), add="+")
            widget.bind("<FocusOut>", lambda _event: self._change(widget, focused=False), add="+")

        def gone(event: "tk.Event[tk.Misc]") -> None:
            if event.widget is widget:
                self._descriptions.pop(str(widget), None)
                self._tell.forget(window_id)

        widget.bind("<Destroy>", gone, add="+")

    def _change(self, widget: tk.Misc, **changes: object) -> None:
        known = self._descriptions.get(str(widget))
        if known is None:
            return
        description = replace(known, **changes)  # type: ignore[arg-type]
        if description != known:
            self._descriptions[str(widget)] = description
            self._tell.describe(widget.winfo_id(), description)


def _shortcut(control: Control) -> str:
    return f"Alt+{control.letter.upper()}" if control.letter else ""


def _to_next(event: "tk.Event[tk.Misc]") -> str:
    following = event.widget.tk_focusNext()
    if following is not None:
        following.focus_set()
    return "break"


def add(widget: tk.Widget, **options: Any) -> None:
    """Put a widget below everything that its parent has; ``options`` are the grid's.

    The row is said, for Tk would give that of a label which takes no place at the moment to the next one.
    """
    widget.grid(row=len(widget.master.winfo_children()), **options)


def empty(frame: tk.Misc) -> None:
    """Destroy everything in a frame."""
    for child in frame.winfo_children():
        child.destroy()
    # Tk keeps the size of a frame whose last child is gone.
    frame.configure(height=1)  # type: ignore[call-arg]
