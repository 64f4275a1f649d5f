"""The processes of the Windows app but the service: resident, window, desktop, and the app the customer sees.

Composition only: each role joins a part of the app that knows no operating system with its adapter. Each imports no
more than it needs: what is not imported costs neither memory nor time. Not to be imported on another system.
"""

import contextlib
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from zuruf.host import arguments as command_line_arguments
from zuruf.host.arguments import Arguments
from zuruf.host.exit_codes import EXIT_DONE, EXIT_OVER, EXIT_SILENT

if TYPE_CHECKING:
    from zuruf.host.app import App

log = logging.getLogger(__name__)

_LOG_MAX_BYTES = 256 * 1024


def keep_log(arguments: Arguments) -> None:
    """Write the log where it goes away with the program. A helper that runs as the customer cannot, and does not."""
    role = "desktop" if arguments.desktop else "resident" if arguments.resume else "app"
    folder = arguments.data_dir or Path(sys.executable).parent
    with contextlib.suppress(OSError):
        handler = RotatingFileHandler(
            folder / f"{role}.log", maxBytes=_LOG_MAX_BYTES, backupCount=1, encoding="utf-8", delay=False
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(logging.INFO)


def run_role(arguments: Arguments) -> int | None:
    """Run what the arguments name and return its exit code; None: this process is the app that the customer sees."""
    keep_log(arguments)
    if arguments.window:
        return _window(arguments)
    if arguments.desktop:
        return _desktop(arguments)
    if arguments.self_test:
        return _self_test(arguments)
    return None


def _self_test(arguments: Arguments) -> int:
    if arguments.resume and arguments.data_dir is not None:
        from zuruf.host.platform.windows.self_test.system import run_system_part

        return run_system_part(Path(sys.executable), arguments.data_dir, arguments.self_test_sas)
    from zuruf.host.platform.windows.self_test import run_self_test

    # This process's own folder goes when it ends: a report without a folder lies beside the downloaded file.
    report = Path(arguments.downloaded).parent / arguments.self_test
    return run_self_test(report, arguments.language, sas=arguments.self_test_sas)


def _window(arguments: Arguments) -> int:
    from zuruf.host.helpers.window_helper import serve_window
    from zuruf.host.platform.windows.look import WindowsWindowSystem
    from zuruf.host.platform.windows.starter import join_resident
    from zuruf.host.ui.port import UserInterface
    from zuruf.host.ui.texts import Texts
    from zuruf.host.ui.window_interface import run_in_window

    async def run(ui: UserInterface) -> int:
        await serve_window(await join_resident(arguments.window, arguments.server_pid), ui)
        return EXIT_DONE

    return run_in_window(run, Texts(arguments.language), WindowsWindowSystem())


def _desktop(arguments: Arguments) -> int:
    from zuruf.host.helpers.desktop_helper import serve_desktop
    from zuruf.host.platform.windows.platform import WindowsPlatform
    from zuruf.host.platform.windows.starter import join_resident
    from zuruf.host.running import Running

    async def run() -> int:
        await serve_desktop(await join_resident(arguments.desktop, arguments.server_pid), WindowsPlatform())
        return EXIT_DONE

    return Running(run).block()


def run_resident(app: "App") -> int:
    """Run the session in the service's child: its window and its desktop are other processes."""
    import asyncio
    import dataclasses

    from zuruf.host.connection.channel import Tool
    from zuruf.host.helpers.desktop_proxy import DesktopProxy
    from zuruf.host.helpers.window_proxy import WindowProxy
    from zuruf.host.platform.windows.platform import WindowsPlatform
    from zuruf.host.platform.windows.service import stop_with_service
    from zuruf.host.remote_control.session import closing
    from zuruf.host.running import Running

    platform = WindowsPlatform()
    platform.restore_policy()
    starter = platform.helper_starter()
    window, desktop = WindowProxy(starter), DesktopProxy(starter)
    tools = {"remote_control": Tool(serve=desktop.serve, closing=closing)}
    resident = dataclasses.replace(app, tools=tools, delete_download=window.delete_download)

    async def run() -> int:
        keeping = asyncio.create_task(window.run())
        try:
            exit_code = await resident.run(window)
            return EXIT_OVER if exit_code == EXIT_DONE else exit_code
        finally:
            await window.close()
            await desktop.close()
            await keeping

    running = Running(run)
    stop_with_service(running.stop)
    return running.block()


def main() -> int:
    """Run the part that the command line names; returns the exit code."""
    from zuruf.host.platform.windows.language import user_language

    arguments = command_line_arguments.parse(sys.argv[1:], sys.argv[0], user_language())
    try:
        exit_code = run_role(arguments)
        if exit_code is None:
            from zuruf.host.app import run

            exit_code = run(arguments)
        return exit_code
    except Exception:
        log.exception("the app broke")
        return EXIT_SILENT
