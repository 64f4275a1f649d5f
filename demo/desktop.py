"""The demo customer's desktop: a Tk panel with the one thing a customer does, starting the Support Session app."""

import argparse
import subprocess
import sys
import tkinter as tk
from tkinter import ttk


class Panel:
    """A small window that starts the app and says when it is running."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._app: subprocess.Popen[bytes] | None = None
        self._root = tk.Tk()
        self._root.title("Demo-PC")
        self._root.geometry("+24+24")
        self._root.configure(background="#f4f6f9")
        frame = ttk.Frame(self._root, padding=20)
        frame.grid()
        ttk.Label(frame, text="Demo-PC des Kunden", font=("DejaVu Sans", 15, "bold")).grid(sticky="w")
        ttk.Label(
            frame,
            text="Wie nach dem Herunterladen: die App starten,\nSitzungsnummer und Sicherheitscode eingeben.",
            font=("DejaVu Sans", 11),
        ).grid(sticky="w", pady=(4, 14))
        self._button = ttk.Button(frame, text="Support-Session-App starten", command=self._start)
        self._button.grid(sticky="ew", ipady=6)
        self._button.focus_set()
        self._root.after(500, self._watch)

    def _start(self) -> None:
        if self._app is None or self._app.poll() is not None:
            self._app = subprocess.Popen([sys.executable, "-m", "zuruf.host.app", "--server", self._server])

    def _watch(self) -> None:
        running = self._app is not None and self._app.poll() is None
        self._button.state(["disabled" if running else "!disabled"])
        self._root.after(500, self._watch)

    def run(self) -> None:
        """Show it until the demo ends."""
        self._root.mainloop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True)
    Panel(parser.parse_args().server).run()
