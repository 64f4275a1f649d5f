"""Start-up, activation and idle cost of the built Windows app under Wine, beside references of the same run.

``python -m bench.windows.run`` builds the release app, prints Markdown tables, and says what each figure is.
``--rounds`` and ``--idle`` make it shorter. What is waited for is seen from outside: the screen shows a typed digit,
the server calls the session active.
"""

import argparse
import contextlib
import os
import statistics
import subprocess
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.support import flow
from tests.support.certificate import certificate
from tests.support.far_viewer import FarViewer
from tests.support.processes import eventually, free_port
from tests.windows.conftest import CODE, PASSWORD, House, Operator, app_plan, open_house
from websockets.exceptions import ConnectionClosed

from bench.windows.field import CodeField
from bench.windows.processes import ROLES, by_role, cpu_of_all, cpu_s, memory_of
from zuruf.installer.build import FILE_NAME, build

GOALS = {"double click → code field": 4.0, "code entered → active": 6.0}
SETTLING_S = 5.0
"""What starting leaves behind is not idling."""


@dataclass
class Times:
    """Seconds, one of each for every round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)

    def add(self, what: str, seconds: float) -> None:
        self.seconds.setdefault(what, []).append(seconds)

    @contextlib.contextmanager
    def measured(self, what: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.add(what, time.perf_counter() - begin)


def one_session(house: House, code_field: CodeField, times: Times) -> dict[str, Any]:
    """Walk the customer to an active session and note how long it takes."""
    session = house.prepare()
    file = house.download(session)
    before = cpu_of_all(house.pc)
    with times.measured("double click → code field"):
        house.run(file)
        code_field.wait()
    times.add("… of it CPU, Wine's included", cpu_of_all(house.pc) - before)
    begun: list[float] = []

    def customer() -> None:
        house.pc.press("ctrl+a")
        house.pc.type(CODE.decode())
        begun.append(time.perf_counter())
        house.pc.press("Return")

    flow.vouch(house.technician, session, CODE, PASSWORD, lambda: threading.Thread(target=customer).start())
    house.active(session)
    times.add("code entered → active", time.perf_counter() - begun[0])
    return session


def learned(house: House) -> CodeField:
    """Walk through a first session, which does not count, and learn where the app takes the code."""
    session = house.prepare()
    house.run(house.download(session))
    house.started(session)
    code_field = CodeField(house.pc)
    house.pair(session)
    house.active(session)
    leave(house, session)
    return code_field


def leave(house: House, session: dict[str, Any]) -> None:
    """End the session and wait until nothing is left."""
    house.end(session)
    house.removed(session)
    house.gone()


def archive_of(payload: Path, target: Path) -> Path:
    """Pack what the app unpacks, with the same compression."""
    with tarfile.open(target, "w:xz", preset=6) as archive:
        archive.add(payload, ".")
    return target


def unpack(archive: Path, times: Times) -> None:
    """Unpack it with nothing but a decompressor and files: what unpacking costs at least."""
    what = "reference: unpacking alone, on Linux"
    with tempfile.TemporaryDirectory() as folder, times.measured(what), tarfile.open(archive) as opened:
        opened.extractall(folder)  # our own


def watch(house: House, session: dict[str, Any]) -> Callable[[], None]:
    """Connect and take what the host sends; return what ends it."""
    viewer = FarViewer(house.technician, session["id"], PASSWORD)
    whole = threading.Event()

    def take() -> None:
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            viewer.whole_picture()
            whole.set()
            while True:
                viewer.step()

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    if not whole.wait(30):
        raise RuntimeError("no picture arrived")

    def end() -> None:
        house.technician.close()
        thread.join()

    return end


def idle(house: House, seconds: float, roles: Sequence[str]) -> None:
    """Print CPU and memory of each process over so many seconds in which nobody does anything."""
    eventually(lambda: set(roles) <= set(by_role(house.pc)), f"the processes {roles}", 30)
    # Tk looks four times a second where a pointer is that rests on its window; a customer's is elsewhere.
    house.pc.screen.run("xdotool", "mousemove", "5", "5")
    time.sleep(SETTLING_S)
    found = by_role(house.pc)
    before = {role: cpu_s(pid) for role, pid in found.items()}
    time.sleep(seconds)
    spent = {role: (cpu_s(pid) - before[role]) / seconds for role, pid in found.items()}
    memory = {role: memory_of(pid) for role, pid in found.items()}
    print("| process | CPU, of a core | private MB | and its programs' code, MB |\n|---|---|---|---|")
    for role in roles:
        print(f"| {role} | {spent[role]:.2%} | {memory[role].private_mb:.1f} | {memory[role].code_mb:.1f} |")
    private, code = (sum(getattr(size, name) for size in memory.values()) for name in ("private_mb", "code_mb"))
    print(f"| **together** | **{sum(spent.values()):.2%}** | **{private:.1f}** | {code:.1f} |")


def print_times(times: Times) -> None:
    reference = statistics.median(times.seconds["reference: wine cmd /c exit"])
    print(f"Load of this machine in the last 15 minutes: {os.getloadavg()[2]:.1f} on {os.cpu_count()} cores.\n")
    print("| what | min s | median s | max s | median ÷ cmd | goal |\n|---|---|---|---|---|---|")
    for what, values in times.seconds.items():
        low, middle, high = min(values), statistics.median(values), max(values)
        goal = f"≤ {GOALS[what]:g} s" if what in GOALS else ""
        print(f"| {what} | {low:.2f} | {middle:.2f} | {high:.2f} | {middle / reference:.1f} | {goal} |")


def measure(house: House, rounds: int, idle_s: float, scratch: Path) -> None:
    """Do all of it on one computer that stays on."""
    times = Times()
    # Windows is up before somebody double-clicks: a program that waits keeps Wine running between the rounds.
    waiting = subprocess.Popen(
        ["wine", "cmd"], env=house.pc.environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        code_field = learned(house)
        archive: Path | None = None
        for _ in range(rounds):
            session = one_session(house, code_field, times)
            archive = archive or archive_of(house.program_folders()[0], scratch / "payload.tar.xz")
            leave(house, session)
            with times.measured("reference: wine cmd /c exit"):
                house.pc.wine("cmd", "/c", "exit")
            unpack(archive, times)
        print_times(times)
        session = one_session(house, code_field, times)
        print(f"\nInstalled and idle for {idle_s:g} s, nobody connected (goals: 0.20 % CPU, 120 MB):\n")
        idle(house, idle_s, ROLES[:3])
        stop_watching = watch(house, session)
        print("\nThe same while a technician watches a screen on which nothing happens:\n")
        idle(house, idle_s, ROLES)
        waits = memory_of(next(iter(house.pc.running("cmd"))))
        print(f"\nReference, a waiting `wine cmd`: {waits.private_mb:.1f} MB private.")
        stop_watching()
    finally:
        waiting.kill()
        waiting.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--idle", type=float, default=60.0, help="seconds")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        authority, path = certificate(folder)
        port = free_port()
        built = build(replace(app_plan(port, authority, folder / FILE_NAME), quick=False), lambda _: None)
        print(f"The app has {built.size / 1e6:.1f} MB. {options.rounds} rounds:\n")
        with open_house(Operator(port, authority, path, built.file, built), folder, folder / "template") as house:
            measure(house, options.rounds, options.idle, folder)


if __name__ == "__main__":
    main()
