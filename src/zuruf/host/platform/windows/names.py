"""What the app is called on a Windows computer: service, task, registry value, folder. Pure; one place for all."""

import re
from pathlib import PureWindowsPath

SERVICE = "ZurufSupportSession"
TASK = "ZurufSupportSession"
SELF_TEST = "ZurufSelfTest"
"""What service, task and RunOnce value of the self-test are called, so that it never meets a session's."""
RUN_ONCE_VALUE = "ZurufSupportSession"
SERVICES_KEY = r"SYSTEM\CurrentControlSet\Services"
SERVICE_PARAMETERS_KEY = rf"{SERVICES_KEY}\{SERVICE}\Parameters"
"""A service's own values: they go with it."""
RUN_ONCE_KEY = r"SOFTWARE\Microsoft\Windows\CurrentVersion\RunOnce"
TASKS_KEY = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Schedule\TaskCache\Tree"
"""Where the Task Scheduler itself keeps which tasks there are."""
DISPLAY_NAME = "Zuruf Support Session"
DESCRIPTION = (
    "Lets a technician help on this computer until the support session ends, then removes itself. / "
    "Lässt einen Techniker bis zum Ende der Supportsitzung auf diesem Computer helfen und entfernt sich dann selbst."
)
PROGRAM = "zuruf-host.exe"
SESSION_FOLDER = "session"

_FOLDER_NAME = re.compile(r"Zuruf Support Session [0-9a-f]{8}")


def is_program_folder(folder: PureWindowsPath, program_files: PureWindowsPath) -> bool:
    """Whether this is a folder that the unpacking stage makes, and so one that may be deleted with all its contents."""
    return folder.parent == program_files and _FOLDER_NAME.fullmatch(folder.name) is not None
