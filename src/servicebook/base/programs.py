"""Programs of the system, found by a path that nothing in a proposal can change."""

from __future__ import annotations

import os
from functools import lru_cache


def find_program(name: str) -> str | None:
    """Return the whole path of a program in one of the folders that the system names for programs, or None.

    A name alone is looked up anew by whoever starts it, and Windows then looks first into the folder that it
    is started in: that of a proposal, where a file `git.exe` may lie. What is named by a path is that path's.
    """
    if os.path.dirname(name):  # noqa: PTH120 - the same name is asked for by its whole path
        return name if _can_run(name) else None
    return _found(name, os.environ.get("PATH", os.defpath), os.environ.get("PATHEXT", ""), os.name)


@lru_cache(maxsize=32)
def _found(name: str, folders: str, endings: str, system: str) -> str | None:
    is_windows = system == "nt"
    names = [f"{name}{ending}" for ending in endings.split(";") if ending] if is_windows else [name]
    for folder in folders.split(";" if is_windows else ":"):
        # An empty one, or one that is no whole path, is counted from wherever somebody stands.
        if os.path.isabs(folder):  # noqa: PTH117 - of an empty name a `Path` is the folder itself
            for one in names:
                path = os.path.join(folder, one)  # noqa: PTH118
                if _can_run(path):
                    return path
    return None


def _can_run(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)  # noqa: PTH113
