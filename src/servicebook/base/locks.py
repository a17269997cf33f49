"""One process at a time: a file beside what is worked on, locked by the system while its owner lives.

A lock that was left by a process that was killed is none: the system lets go of it, whatever the file says.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_held: set[Path] = set()


class HeldError(Exception):
    """Raised when another process holds a lock; `owner` is its number, or None where it is not known."""

    def __init__(self, owner: int | None) -> None:
        self.owner = owner
        super().__init__(f"held by {owner}")


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a file, which is there for as long as the lock is.

    Raises HeldError at once when somebody holds it, and OSError when there can be no such file.
    """
    if path in _held:
        raise HeldError(os.getpid())
    handle = _take(path)
    _held.add(path)
    try:
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode())
        yield
    finally:
        _held.discard(path)
        # Removed first: whoever waits for the file that this was finds out that it is no longer the one.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def _take(path: Path) -> int:
    """Return the handle of the locked file."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle)
            if path.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        except FileNotFoundError:
            pass  # its last owner has just removed it
        except (BlockingIOError, PermissionError):
            owner = os.read(handle, 20).decode(errors="replace") if sys.platform != "win32" else ""
            os.close(handle)
            raise HeldError(int(owner) if owner.isdecimal() else None) from None
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        # Of the process and not of the file's handle: the children of a build must not hold it after its end.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
