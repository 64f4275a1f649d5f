"""The real host, composed with a folder as computer, a clock that the test moves, and a scripted customer."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.support.host.clock import ManualClock
from tests.support.host.customer import ScriptedCustomer
from tests.support.host.platform import FolderPlatform
from tests.support.host.server import NUMBER
from tests.support.host.technician import CODE
from zuruf.host.app import App, compose
from zuruf.host.arguments import parse
from zuruf.host.connection.channel import Activity, Channel, Tool
from zuruf.host.consent import activity as activities
from zuruf.host.consent.state import ConsentState
from zuruf.host.removal.work import OnStep
from zuruf.host.transport import Patience
from zuruf.protocol.codes import Code

QUICK = Patience(farewell_s=5, away_s=0)


async def echo(channel: Channel, _consent: ConsentState, activity: Activity) -> None:
    """A tool that sends back what it gets."""
    activity(activities.VIEWING)
    while True:
        await channel.send(b"echo " + await channel.recv())


def closing(code: Code) -> bytes:
    return b"closing " + code.encode()


ECHO = {"remote_control": Tool(serve=echo, closing=closing)}


def nothing(_step: object) -> None:
    pass


class House:
    """One customer's computer; ``start`` may be called again after the host has gone."""

    def __init__(self, root: Path, server_url: str) -> None:
        self.root = root
        self.server_url = server_url
        self.platform = FolderPlatform(root)
        self.clock = ManualClock()
        self.customer = ScriptedCustomer()
        self.patience = QUICK
        self.tools = dict(ECHO)

    def app(self, *extra: str, on_step: OnStep = nothing) -> App:
        arguments = parse(["--server", self.server_url, "--language", "de", *extra], "zuruf-host")
        return compose(
            arguments,
            platform=self.platform,
            clock=self.clock,
            tools=self.tools,
            on_step=on_step,
            patience=self.patience,
        )

    def start(
        self, codes: Sequence[str] = (CODE,), *extra: str, number: str = NUMBER, on_step: OnStep = nothing
    ) -> "asyncio.Task[int]":
        """Start the app for this number, with a customer who types these codes."""
        self.customer = ScriptedCustomer(codes=codes)
        return asyncio.create_task(self.app("--number", number, *extra, on_step=on_step).run(self.customer))

    def resume(self, on_step: OnStep = nothing) -> "asyncio.Task[int]":
        """Start the app as the customer's next sign-in does."""
        self.customer = ScriptedCustomer()
        return asyncio.create_task(self.app("--resume", on_step=on_step).run(self.customer))

    def left_behind(self) -> list[str]:
        """Everything below the root."""
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*"))
