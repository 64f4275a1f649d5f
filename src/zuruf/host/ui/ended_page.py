"""The page after the end: why, what was removed, the receipt to keep, and where to turn with doubts. Widgets only."""

import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import filedialog

from zuruf.host.ui.port import Caller
from zuruf.host.ui.receipt import FILE_NAME
from zuruf.host.ui.texts import grouped
from zuruf.host.ui.widgets import PROBLEM, TITLE, Widgets

_RECEIPT_LINES = 9


class EndedPage:
    """Built once. ``touched`` is told when the customer does something with the page."""

    def __init__(
        self,
        body: tk.Misc,
        foot: tk.Misc,
        widgets: Widgets,
        close: Callable[[], None],
        touched: Callable[[], None],
    ) -> None:
        self._body = body
        self._foot = foot
        self._widgets = widgets
        self._close = close
        self._touched = touched

    def show(self, reason: str, receipt: str, caller: Caller | None) -> None:
        """Fill the page; ``caller``: who was allowed to connect, where this window has known a session."""
        w, t = self._widgets, self._widgets.texts
        title = w.label(self._body, t("ended.title"), TITLE)
        w.label(self._body, f"{t(f'ended.{reason}')} {t('ended.removed')}")
        if receipt:
            w.document(self._body, receipt, _RECEIPT_LINES)
        if caller is None:
            w.label(self._body, t("doubts.nobody"))
        else:
            w.label(self._body, t("doubts", company=caller.company, number=grouped(caller.number)))
        self._saved = w.label(self._body)
        if receipt:
            _save, close = w.row(
                self._foot,
                ("button.save_receipt", lambda: self._save(receipt, caller)),
                ("button.close", self._close),
            )
        else:
            (close,) = w.row(self._foot, ("button.close", self._close))
        self._widgets.focus(close)
        w.announce(title)
        for event in ("<Motion>", "<ButtonPress>", "<KeyPress>"):
            self._body.winfo_toplevel().bind(event, lambda _event: self._touched(), add="+")

    def _save(self, receipt: str, caller: Caller | None) -> None:
        t = self._widgets.texts
        name = FILE_NAME[t.language].format(number=caller.number if caller else "")
        chosen = filedialog.asksaveasfilename(
            parent=self._body,
            title=t("receipt.title"),
            initialfile=name,
            initialdir=str(Path.home()),
            defaultextension=".txt",
            filetypes=[(t("receipt.text_files"), "*.txt")],
        )
        if chosen:
            self.save(Path(chosen), receipt)

    def save(self, path: Path, receipt: str) -> None:
        """Write the receipt, with what an old editor on Windows needs to read it, and say whether that worked."""
        try:
            path.write_text(receipt, encoding="utf-8-sig", newline="\r\n")
        except OSError:
            self._saved.configure(style=PROBLEM)
            self._widgets.set_text(self._saved, self._widgets.texts("receipt.not_saved"), announced=True)
        else:
            self._saved.configure(style="TLabel")
            text = self._widgets.texts("receipt.saved", name=path.name)
            self._widgets.set_text(self._saved, text, announced=True)
