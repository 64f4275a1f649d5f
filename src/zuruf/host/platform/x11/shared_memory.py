"""A System V shared memory segment that the X server writes pictures into (shmget(2), MIT-SHM). Not for Python data."""

import ctypes
import ctypes.util

_IPC_PRIVATE, _IPC_RMID, _MODE = 0, 0, 0o600
_FAILED = ctypes.c_void_p(-1).value

_libc = ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)
_libc.shmget.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_int)
_libc.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_libc.shmat.restype = ctypes.c_void_p
_libc.shmdt.argtypes = (ctypes.c_void_p,)
_libc.shmctl.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p)


class SharedMemory:
    """A private segment of ``size`` bytes. Raises OSError when the system gives none."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.id: int = _libc.shmget(_IPC_PRIVATE, size, _MODE)
        if self.id < 0:
            raise OSError(ctypes.get_errno(), "shmget")
        self._address: int | None = _libc.shmat(self.id, None, 0)
        if self._address == _FAILED:
            self._address = None
            error = ctypes.get_errno()
            self.unlink()
            raise OSError(error, "shmat")

    def unlink(self) -> None:
        """Have the system free the segment with its last user, even if that user is killed."""
        _libc.shmctl(self.id, _IPC_RMID, None)

    def copy(self, offset: int, length: int) -> bytes:
        """Return a copy, so that nothing points into the segment when it goes."""
        if self._address is None or offset < 0 or length < 0 or offset + length > self.size:
            raise ValueError("outside the segment")
        return ctypes.string_at(self._address + offset, length)

    def close(self) -> None:
        """Detach. Repeatable."""
        if self._address is not None:
            _libc.shmdt(self._address)
            self._address = None
