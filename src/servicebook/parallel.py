"""Work shared among the machine's cores, where processes can be forked; in this one process elsewhere."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, TypeVar

T = TypeVar("T")


def count_workers(tasks: int, least: int) -> int:
    """Return how many processes to share `tasks` among, so that each has at least `least` of them."""
    # macOS can fork but its system libraries may not survive it; Windows cannot.
    if not sys.platform.startswith("linux"):
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), tasks // least))


def share(task: Callable[[int, int], T], parts: int) -> list[T]:
    """Return `[task(0, parts), …, task(parts - 1, parts)]`, each part but the first in a process of its own.

    A child sees everything that was loaded before, without a copy; only its result is sent back. Raises what
    a part raised, after all have ended.
    """
    if parts == 1:
        return [task(0, 1)]
    context = multiprocessing.get_context("fork")
    children = []
    for part in range(1, parts):
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(task, part, parts, sender))
        process.start()
        sender.close()
        children.append((process, receiver))
    outcomes: list[tuple[Any, BaseException | None]] = []
    try:
        outcomes.append((task(0, parts), None))
    except Exception as error:
        outcomes.append((None, error))
    for process, receiver in children:
        try:
            outcomes.append(receiver.recv())
        except EOFError:
            outcomes.append((None, ChildProcessError(f"a worker ended with {process.exitcode}")))
        process.join()
    for _, failure in outcomes:
        if failure is not None:
            raise failure
    return [result for result, _ in outcomes]


def _run(task: Callable[[int, int], Any], part: int, parts: int, sender: Connection) -> None:
    try:
        sender.send((task(part, parts), None))
    except Exception as error:
        sender.send((None, error))
