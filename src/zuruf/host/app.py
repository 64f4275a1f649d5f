"""Composition root of the Support Session app: read this first. Chooses the adapters and the way through the house.

start ─ a state on this computer? ─ yes ─→ session.ResidentHost (go on, or finish an interrupted removal)
                                  └ no ──→ join.Joining → removal.work.install → session.ResidentHost
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zuruf.host import arguments as command_line_arguments
from zuruf.host import build_info
from zuruf.host.arguments import Arguments, data_dir_of, resume_arguments
from zuruf.host.clock import Clock, SystemClock
from zuruf.host.connection.channel import Activity, Channel, Tool
from zuruf.host.connection.reports import ACTIVE, signed
from zuruf.host.consent.state import ConsentState
from zuruf.host.exit_codes import (
    EXIT_BROKEN,
    EXIT_DONE,
    EXIT_INSTALLED,
    EXIT_LEFT,
    EXIT_REFUSED,
    EXIT_USAGE,
)
from zuruf.host.join import AppRefused, Joined, Joining
from zuruf.host.platform.base import AlreadyRunning, Platform, Refusal
from zuruf.host.removal.plan import InstallStep, RemovalStep, fallback_inventory
from zuruf.host.removal.work import OnStep, install, planned, remove
from zuruf.host.running import Running
from zuruf.host.session import DeleteDownload, ResidentHost, Surroundings
from zuruf.host.state import LOCK_FILE, HostState, StateStore, UnreadableState
from zuruf.host.transport import BadAddress, Patience, Transport
from zuruf.host.ui.command_line import CommandLine
from zuruf.host.ui.port import CustomerLeft, Problem, UserInterface
from zuruf.host.ui.texts import Texts, system_language
from zuruf.protocol.codes import Code
from zuruf.protocol.secure_channel import ChannelFactory, SecureChannel

if TYPE_CHECKING:
    # It brings Tk, which a resident never shows.
    from zuruf.host.ui.window_system import WindowSystem

log = logging.getLogger(__name__)


def _nothing(_step: InstallStep | RemovalStep) -> None:
    """In production no step is of interest to anybody."""


@dataclass(frozen=True)
class App:
    """The composed app; ``run`` is the whole of it."""

    arguments: Arguments
    platform: Platform
    clock: Clock
    channel_factory: ChannelFactory
    tools: Mapping[str, Tool]
    on_step: OnStep
    patience: Patience
    delete_download: DeleteDownload | None = None

    @property
    def store(self) -> StateStore:
        """The state in this app's data directory."""
        return StateStore(self.arguments.data_dir or self.platform.default_data_dir(), self.platform)

    async def run(self, ui: UserInterface) -> int:
        """Go the whole way, from wherever this computer stands; returns the exit code."""
        store = self.store
        with contextlib.ExitStack() as held:
            if store.directory.exists():
                try:
                    held.enter_context(self.platform.lock(store.directory / LOCK_FILE))
                except AlreadyRunning:
                    return await self._already_running(ui)
            state = self._load(store)
            if state is None and self.arguments.resume:
                self._clean_up(store)
                return EXIT_DONE
            if state is None:
                held.close()
                self._clean_up(store)
                return await self._join(store, ui)
            return await self._reside(state, store, ui)

    def _load(self, store: StateStore) -> HostState | None:
        try:
            return store.load()
        except UnreadableState:
            # Without its keys this session cannot be served, and nothing of it may stay.
            log.exception("the saved session cannot be read and is removed")
            entries, program = self.platform.autostart_entries(), self.platform.program_folder()
            remove(fallback_inventory(store.directory, entries, program), self.platform, self.on_step)
            return None

    def _clean_up(self, store: StateStore) -> None:
        """Take away what a removal killed in its last steps has left: the entry and an empty directory."""
        if self.platform.finishing:
            if self.arguments.resume:
                self.platform.finish_removal()
            return
        command = self.platform.autostart_command()
        if command is not None and data_dir_of(command) == store.directory:
            self.platform.remove_autostart()
        with contextlib.suppress(OSError):
            (store.directory / LOCK_FILE).unlink(missing_ok=True)
            store.directory.rmdir()

    def _known_refusal(self) -> Refusal | None:
        """Say what was found before this process, or that a session with another data directory lives here."""
        if self.arguments.refused:
            return Refusal(Code(self.arguments.refused), self.arguments.refused_detail[:80])
        command = self.platform.autostart_command()
        directory = data_dir_of(command or [])
        if command is None or (directory is not None and not StateStore(directory, self.platform).file.exists()):
            return None
        return Refusal(Code.HOST_ALREADY_INSTALLED)

    async def _already_running(self, ui: UserInterface) -> int:
        if not self.arguments.resume:
            await ui.refuse(Problem(Code.HOST_ALREADY_INSTALLED))
        return EXIT_REFUSED

    async def _join(self, store: StateStore, ui: UserInterface) -> int:
        transport = self._transport(self.arguments.server, self.arguments.certificate_authority)
        joining = Joining(transport, self.platform, self.clock, ui)
        try:
            joined = await joining.run(self.arguments.number, self._known_refusal())
            ui.busy("installing")
            state = self._new_state(joined, store)
            with contextlib.ExitStack() as held:
                try:
                    self.platform.make_private_directory(store.directory)
                    held.enter_context(self.platform.lock(store.directory / LOCK_FILE))
                except AlreadyRunning:
                    await joining.refuse(joined.number, Refusal(Code.HOST_ALREADY_INSTALLED))
                except OSError:
                    log.exception("no place for the session's state")
                    return await self._broken(ui)
                if not self._install(state, store):
                    return await self._broken(ui)
                if not self.platform.hands_over:
                    return await self._reside(state, store, ui)
            return await self._hand_over(state, ui)
        except CustomerLeft:
            return EXIT_LEFT
        except AppRefused:
            return EXIT_REFUSED

    @staticmethod
    async def _broken(ui: UserInterface) -> int:
        await ui.refuse(Problem(Code.INTERNAL))
        return EXIT_BROKEN

    def _install(self, state: HostState, store: StateStore) -> bool:
        command = self.platform.resume_command(resume_arguments(self.arguments, store.directory))
        try:
            install(state, store, self.platform, command, self.on_step)
        except OSError:
            log.exception("not installed")
            self._uninstall(state)
            return False
        return True

    def _uninstall(self, state: HostState) -> None:
        remove(state.created, self.platform, self.on_step)
        self.platform.remove_autostart()

    async def _hand_over(self, state: HostState, ui: UserInterface) -> int:
        """Let the installed command go on. The lock is free: the other process takes it."""
        try:
            await asyncio.to_thread(self.platform.hand_over)
        except OSError:
            log.exception("what was installed does not start")
            self._uninstall(state)
            return await self._broken(ui)
        self.on_step(InstallStep.HANDED_OVER)
        return EXIT_INSTALLED

    async def _reside(self, state: HostState, store: StateStore, ui: UserInterface) -> int:
        if state.phase == "installing" and not self._install(state, store):
            return await self._broken(ui)
        surroundings = Surroundings(
            platform=self.platform,
            clock=self.clock,
            transport=self._transport(state.server, state.certificate_authority),
            tools=self.tools,
            channel_factory=self.channel_factory,
            ui=ui,
            on_step=self.on_step,
            language=self.arguments.language,
            delete_download=self.delete_download,
        )
        await ResidentHost(state, store, surroundings).run()
        self.platform.finish_removal()
        self.on_step(RemovalStep.SYSTEM_FINISHES)
        return EXIT_DONE

    def check_server(self) -> None:
        """Raises BadAddress when the arguments name no server that this app may dial."""
        self._transport(self.arguments.server, self.arguments.certificate_authority)

    def _transport(self, server: str, certificate_authority: str) -> Transport:
        return Transport(server, certificate_authority, allow_plain=build_info.DEVELOPMENT, patience=self.patience)

    def _new_state(self, joined: Joined, store: StateStore) -> HostState:
        settings = joined.settings
        report = signed(
            joined.private_key,
            joined.session_id,
            ACTIVE,
            {
                "hostname": self.platform.hostname()[:200],
                "system": self.platform.system()[:200],
                "app_version": build_info.APP_VERSION,
            },
        )
        return HostState(
            phase="installing",
            session_id=joined.session_id,
            number=joined.number,
            server=self.arguments.server,
            certificate_authority=self.arguments.certificate_authority,
            private_key=joined.private_key,
            salt=settings.salt,
            prs=settings.prs,
            tools=settings.tools,
            technician=settings.technician,
            company=settings.company,
            downloaded=self.arguments.downloaded,
            timer=joined.timer,
            reports=[report],
            created=planned(store, self.platform),
        )


def compose(
    arguments: Arguments,
    *,
    platform: Platform | None = None,
    clock: Clock | None = None,
    channel_factory: ChannelFactory = SecureChannel,
    tools: Mapping[str, Tool] | None = None,
    on_step: OnStep = _nothing,
    patience: Patience | None = None,
) -> App:
    """Return the app with the adapters of this computer, or with those that a test's own ``main`` brings."""
    platform = platform or this_platform()
    return App(
        arguments=arguments,
        platform=platform,
        clock=clock or SystemClock(platform.boot_id, platform.boottime),
        channel_factory=channel_factory,
        tools=tools if tools is not None else all_tools(platform),
        on_step=on_step,
        patience=patience or Patience(),
    )


def this_platform() -> Platform:
    """Return the adapter of this operating system."""
    if sys.platform == "win32":
        from zuruf.host.platform.windows.platform import WindowsPlatform

        return WindowsPlatform()
    from zuruf.host.platform.x11.platform import X11Platform

    return X11Platform()


def this_window_system() -> "WindowSystem | None":
    """Return the adapter of the desktop around the window; None: what Tk itself can do."""
    if sys.platform == "win32":
        from zuruf.host.platform.windows.look import WindowsWindowSystem

        return WindowsWindowSystem(tray=False)
    return None


def all_tools(platform: Platform) -> dict[str, Tool]:
    """Return every tool of this build, by its name in the protocol."""
    from zuruf.host.remote_control import session as remote_control

    async def serve(channel: Channel, consent: ConsentState, activity: Activity) -> None:
        await remote_control.serve(channel, platform, consent, activity)

    return {"remote_control": Tool(serve=serve, closing=remote_control.closing)}


def start(app: App) -> int:
    """Run a composed app with the interface its arguments ask for; returns the exit code. Raises BadAddress."""
    if app.arguments.server:
        app.check_server()
    if sys.platform == "win32" and app.arguments.resume:
        from zuruf.host.roles import run_resident

        return run_resident(app)
    texts = Texts(app.arguments.language)
    if app.arguments.cli or app.platform.refusal() == Refusal(Code.NO_SCREEN):
        return _run_in_terminal(app, CommandLine(texts))
    from zuruf.host.ui.window_interface import run_in_window

    return run_in_window(app.run, texts, this_window_system())


def _run_in_terminal(app: App, ui: CommandLine) -> int:
    async def run() -> int:
        ui.start()
        return await app.run(ui)

    running = Running(run)
    with running.stopped_by_signals():
        return running.block()


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``zuruf-host``; returns the exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    argv = sys.argv[1:] if argv is None else argv
    return run(command_line_arguments.parse(argv, sys.argv[0], system_language()))


def run(arguments: Arguments) -> int:
    """Run the app with the adapters of this computer; returns the exit code."""
    try:
        return start(compose(arguments))
    except BadAddress as error:
        log.error("%s", error)
        return EXIT_USAGE


if __name__ == "__main__":
    sys.exit(main())
