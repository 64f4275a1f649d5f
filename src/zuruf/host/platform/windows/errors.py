"""Turns pywin32's own exception into the OSError that the rest of the host knows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pywintypes


@contextmanager
def windows_errors() -> Iterator[None]:
    """Raise what Windows refuses within the context as OSError, with ``winerror`` set. Also usable as a decorator."""
    try:
        yield
    except pywintypes.error as error:
        raise OSError(None, f"{error.funcname}: {error.strerror}", None, error.winerror) from error
