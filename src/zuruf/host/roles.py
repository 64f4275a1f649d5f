"""The processes of an installed session on Windows, chosen by their arguments: service, resident, window, desktop.

Composition only: each role joins a part of the app that knows no operating system with its adapter. Each imports no
more than it needs: a small process starts fast. Not to be imported on another system.
"""

import asyncio
import contextlib
import dataclasses
import logging
import sys
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING

from zuruf.host.arguments import Arguments, resume_arguments
from zuruf.host.connection.channel import Tool
from zuruf.host.running import EXIT_BROKEN, EXIT_DONE, Running
from zuruf.host.ui.texts import Texts

if TYPE_CHECKING:
    from zuruf.host.app import App

_LOG_MAX_BYTES = 256 * 1024


def keep_log(arguments: Arguments) -> None:
    """Write the log where it goes away with the program. A helper that runs as the customer cannot, and does not."""
    role = "service" if arguments.service else "resident" if arguments.resume else "app"
    role = "desktop" if arguments.desktop else role
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
    if arguments.service:
        return _service(arguments)
    if arguments.window:
        return _window(arguments)
    if arguments.desktop:
        return _desktop(arguments)
    if arguments.self_test:
        from zuruf.host.platform.windows.self_test import run_self_test

        return run_self_test(Path(arguments.self_test))
    return None


def _service(arguments: Arguments) -> int:
    from zuruf.host.platform.windows.service import run_service

    if arguments.data_dir is None:
        return EXIT_BROKEN
    run_service([sys.executable, "--resume", *resume_arguments(arguments, arguments.data_dir)])
    return EXIT_DONE


def _window(arguments: Arguments) -> int:
    from zuruf.host.helpers.window_helper import serve_window
    from zuruf.host.platform.windows.look import WindowsWindowSystem
    from zuruf.host.platform.windows.starter import join_resident
    from zuruf.host.ui.port import UserInterface
    from zuruf.host.ui.window_interface import run_in_window

    async def run(ui: UserInterface) -> int:
        await serve_window(await join_resident(arguments.window, arguments.server_pid), ui)
        return EXIT_DONE

    return run_in_window(run, Texts(arguments.language), WindowsWindowSystem())


def _desktop(arguments: Arguments) -> int:
    from zuruf.host.helpers.desktop_helper import serve_desktop
    from zuruf.host.platform.windows.platform import WindowsPlatform
    from zuruf.host.platform.windows.starter import join_resident

    async def run() -> int:
        await serve_desktop(await join_resident(arguments.desktop, arguments.server_pid), WindowsPlatform())
        return EXIT_DONE

    return Running(run).block()


def run_resident(app: "App") -> int:
    """Run the session in the service's child: its window and its desktop are other processes."""
    from zuruf.host.helpers.desktop_proxy import DesktopProxy
    from zuruf.host.helpers.window_proxy import WindowProxy
    from zuruf.host.platform.windows.platform import WindowsPlatform
    from zuruf.host.platform.windows.service import stop_with_service
    from zuruf.host.remote_control.session import closing

    starter = WindowsPlatform().helper_starter()
    window, desktop = WindowProxy(starter), DesktopProxy(starter)
    tools: Mapping[str, Tool] = {"remote_control": Tool(serve=desktop.serve, closing=closing)}
    resident = dataclasses.replace(app, tools=tools, delete_download=window.delete_download)

    async def run() -> int:
        keeping = asyncio.create_task(window.run())
        try:
            return await resident.run(window)
        finally:
            await window.close()
            await desktop.close()
            await keeping

    running = Running(run)
    stop_with_service(running.stop)
    return running.block()
