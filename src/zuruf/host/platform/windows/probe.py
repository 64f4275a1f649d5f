"""Looks at this computer for ``refusals``."""

from pathlib import Path

import pywintypes
import win32security
import win32service
import winerror

from zuruf.host.platform.windows import native, registry
from zuruf.host.platform.windows.errors import windows_errors


class SystemProbe:
    """See ``refusals.Probe``."""

    def major_version(self) -> int:
        """See ``Probe.major_version``."""
        return native.version().major

    @windows_errors()
    def administrator(self) -> bool:
        """See ``Probe.administrator``."""
        administrators = win32security.CreateWellKnownSid(win32security.WinBuiltinAdministratorsSid, None)
        return bool(win32security.CheckTokenMembership(None, administrators))  # type: ignore[arg-type]

    @windows_errors()
    def service(self, name: str) -> bool:
        """See ``Probe.service``."""
        manager = win32service.OpenSCManager(None, None, win32service.SC_MANAGER_CONNECT)
        try:
            service = win32service.OpenService(manager, name, win32service.SERVICE_QUERY_STATUS)
        except pywintypes.error as error:
            return bool(error.winerror == winerror.ERROR_ACCESS_DENIED)
        else:
            win32service.CloseServiceHandle(service)
            return True
        finally:
            win32service.CloseServiceHandle(manager)

    def registry_key(self, path: str) -> bool:
        """See ``Probe.registry_key``."""
        return registry.key_exists(path)

    def file(self, path: str) -> bool:
        """See ``Probe.file``."""
        return Path(path).exists()
