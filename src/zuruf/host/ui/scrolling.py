"""A frame that is as large as what is in it, and scrolls where the screen is smaller than that. Widgets only."""

import tkinter as tk
from tkinter import ttk

_WHEEL_UNIT = 120


class ScrollingFrame(ttk.Frame):
    """Put widgets into ``content``. The control with the keyboard's focus is always in sight."""

    def __init__(self, parent: tk.Misc, background: str) -> None:
        super().__init__(parent)
        self._height_max = parent.winfo_screenheight()
        self._canvas = tk.Canvas(self, highlightthickness=0, borderwidth=0, background=background)
        self._bar = ttk.Scrollbar(self, orient="vertical", command=self._canvas.yview)
        self._canvas.configure(yscrollcommand=self._bar.set)
        self._canvas.grid(row=0, column=0, sticky="nsew")
        self.content = ttk.Frame(self._canvas)
        self._canvas.create_window(0, 0, window=self.content, anchor="nw")
        self.content.bind("<Configure>", lambda _event: self._fit())
        top = self.winfo_toplevel()
        top.bind("<Button-4>", lambda _event: self._scroll(-2), add="+")
        top.bind("<Button-5>", lambda _event: self._scroll(2), add="+")
        top.bind("<MouseWheel>", lambda event: self._scroll(-2 * round(event.delta / _WHEEL_UNIT)), add="+")
        top.bind("<Prior>", lambda _event: self._canvas.yview_scroll(-1, "pages"), add="+")
        top.bind("<Next>", lambda _event: self._canvas.yview_scroll(1, "pages"), add="+")
        top.bind("<FocusIn>", self._focused, add="+")

    def limit(self, height: int) -> None:
        """Scroll what is higher than so many pixels."""
        self._height_max = height
        self._fit()

    def to_top(self) -> None:
        """Show the beginning."""
        self._canvas.yview_moveto(0)

    @property
    def scrolls(self) -> bool:
        """Whether there is more than can be shown at once."""
        return self.content.winfo_reqheight() > self._height_max

    def _fit(self) -> None:
        width, height = self.content.winfo_reqwidth(), self.content.winfo_reqheight()
        self._canvas.configure(width=width, height=min(height, self._height_max), scrollregion=(0, 0, width, height))
        if self.scrolls:
            self._bar.grid(row=0, column=1, sticky="ns")
        else:
            self._bar.grid_remove()
            self._canvas.yview_moveto(0)

    def _scroll(self, units: int) -> None:
        if self.scrolls:
            self._canvas.yview_scroll(units, "units")

    def _focused(self, event: "tk.Event[tk.Misc]") -> None:
        widget = event.widget
        if not self.scrolls or not str(widget).startswith(f"{self.content}."):
            return
        self.show(widget)

    def show(self, widget: tk.Misc) -> None:
        """Scroll as far as it takes to see a widget of the content."""
        height = self.content.winfo_reqheight()
        top = widget.winfo_rooty() - self.content.winfo_rooty()
        bottom = top + widget.winfo_height()
        seen_top = self._canvas.canvasy(0)
        seen = self._canvas.winfo_height()
        if top < seen_top:
            self._canvas.yview_moveto(top / height)
        elif bottom > seen_top + seen:
            self._canvas.yview_moveto((bottom - seen) / height)
