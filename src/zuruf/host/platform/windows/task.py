"""The dead man's switch: a scheduled task of the system's that removes the app after its session's end.

For the case that the service is broken or gone. Pure: the task's text, and what is asked of Windows' own programs.
Source: Microsoft, "Task Scheduler Schema" (version 1.2, which every Windows 10 takes).
"""

import logging
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import PureWindowsPath

from zuruf.host.platform.windows.commands import Commands
from zuruf.host.platform.windows.names import DISPLAY_NAME, TASK
from zuruf.host.platform.windows.remover import Places, guard_arguments, interpreter

log = logging.getLogger(__name__)

AFTER_THE_END = timedelta(minutes=10)
ENCODING = "utf-16"
"""What schtasks.exe reads."""


def task_xml(places: Places, ends_at: datetime) -> str:
    """Return the task: ten minutes after the end, every hour from then on, and at every boot after it."""
    boundary = (ends_at + AFTER_THE_END).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>{DISPLAY_NAME}: removes the app after the support session's end.</Description>
  </RegistrationInfo>
  <Triggers>
    <TimeTrigger>
      <Repetition>
        <Interval>PT1H</Interval>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <StartBoundary>{boundary}</StartBoundary>
      <Enabled>true</Enabled>
    </TimeTrigger>
    <BootTrigger>
      <StartBoundary>{boundary}</StartBoundary>
      <Enabled>true</Enabled>
      <Delay>PT1M</Delay>
    </BootTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-18</UserId>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>false</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>false</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>PT30M</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(interpreter(places))}</Command>
      <Arguments>{escape(guard_arguments(places))}</Arguments>
      <WorkingDirectory>{escape(str(places.system))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


class DeadMan:
    """Registers the task and takes it away. Neither failing stops a session: it is said in the log."""

    def __init__(self, commands: Commands, system: PureWindowsPath, name: str = TASK) -> None:
        self._commands = commands
        self._name = name
        self._schtasks = str(system / "schtasks.exe")

    def register(self, xml_file: str) -> None:
        """Register the task in this file, in place of one of its name."""
        self._run("/create", "/f", "/tn", self._name, "/xml", xml_file)

    def delete(self) -> None:
        """Delete the task. Repeatable."""
        self._run("/delete", "/f", "/tn", self._name)

    def _run(self, *arguments: str) -> None:
        try:
            code = self._commands.run([self._schtasks, *arguments])
        except OSError as error:
            log.warning("scheduled task, %s: %s", arguments[0], error)
            return
        if code != 0:
            log.warning("scheduled task, %s: exit code %s", arguments[0], code)
