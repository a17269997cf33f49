"""Work shared among the machine's cores, where processes can be forked; in this one process elsewhere.

A forked child sees everything that was loaded before it without a copy, so a large playbook is neither sent
to it nor held twice.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

T = TypeVar("T")
Ingredient = TypeVar("Ingredient")
Result = TypeVar("Result")
# Tasks taken at a time: enough that taking costs nothing, few enough that all end together.
_BATCH = 20


def count_workers(tasks: int, least: int) -> int:
    """Return how many processes to share `tasks` among, so that each has at least `least` of them."""
    # macOS can fork but its system libraries may not survive it, and Windows cannot; where there are other
    # threads, a child would be born with the locks that they happen to hold.
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), tasks // least))


def begin(task: Callable[[], T], *, alone: bool = False) -> Callable[[], T]:
    """Begin a task in a process of its own and return what waits for its result (and raises what it raised).

    Where there is no process to be had, or with `alone`, the task is done when it is waited for.
    """
    if alone or count_workers(2, least=1) == 1:
        return task
    child = _Child(lambda _: task())

    def finish() -> T:
        child.wait()
        result: T = child.result()
        return result

    return finish


class Ahead(Generic[T, Ingredient, Result]):
    """Tasks that other processes begin before their last ingredient is there.

    `prepare(i)` needs nothing more; `finish(i, prepared, ingredient)` ends a task. The children prepare from
    the start and finish once `give` has handed out the ingredient; `complete` takes part until all is done.
    """

    def __init__(
        self,
        count: int,
        prepare: Callable[[int], T],
        finish: Callable[[int, T, Ingredient], Result],
        least: int,
    ) -> None:
        """`count` tasks; a child is started for each core but this one that has `least` tasks to do."""
        self._count = count
        self._prepare = prepare
        self._finish = finish
        workers = count_workers(count, least)
        self._next = multiprocessing.get_context("fork").Value("l", 0) if workers > 1 else None
        self._children = [_Child(self._work_ahead) for _ in range(workers - 1)]

    def give(self, ingredient: Ingredient) -> None:
        """Give the ingredient to all: tasks can be finished from now on."""
        self._ingredient = ingredient
        for child in self._children:
            child.send(ingredient)

    def complete(self) -> list[Result]:
        """Return what each task gave, in their order, when every one is done. Raises what a task raised."""
        results: dict[int, Result] = {}
        try:
            for i in self._take():
                results[i] = self._finish(i, self._prepare(i), self._ingredient)
        finally:
            for child in self._children:
                child.wait()
        for child in self._children:
            results.update(child.result())
        return [results[i] for i in range(self._count)]

    def _work_ahead(self, connection: Connection) -> dict[int, Result]:
        prepared: list[tuple[int, T]] = []
        results: dict[int, Result] = {}
        given = False
        for i in self._take():
            prepared.append((i, self._prepare(i)))
            if not given and connection.poll():
                self._ingredient = connection.recv()
                given = True
            if given:
                self._finish_all(prepared, results)
        if not given:
            self._ingredient = connection.recv()
        self._finish_all(prepared, results)
        return results

    def _finish_all(self, prepared: list[tuple[int, T]], results: dict[int, Result]) -> None:
        for i, one in prepared:
            results[i] = self._finish(i, one, self._ingredient)
        prepared.clear()

    def _take(self) -> Iterator[int]:
        """Yield the tasks that are this process's to do, until none is left for any."""
        if self._next is None:
            yield from range(self._count)
            return
        while True:
            with self._next.get_lock():
                start = self._next.value
                self._next.value = start + _BATCH
            if start >= self._count:
                return
            yield from range(start, min(start + _BATCH, self._count))


class _Child:
    """A forked process that runs one function; ends with this process, or when its pipe is closed."""

    def __init__(self, function: Callable[[Connection], Any]) -> None:
        context = multiprocessing.get_context("fork")
        self._connection, theirs = context.Pipe()
        self._outcome: tuple[Any, BaseException | None] | None = None
        self._process = context.Process(target=self._run, args=(function, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def _run(self, function: Callable[[Connection], Any], connection: Connection) -> None:
        self._connection.close()
        outcome: tuple[Any, BaseException | None]
        try:
            outcome = (function(connection), None)
        except (EOFError, KeyboardInterrupt):
            return  # nobody waits any more
        except Exception as error:
            outcome = (None, error)
        with contextlib.suppress(BrokenPipeError):
            connection.send(outcome)

    def send(self, value: object) -> None:
        """Send the function a value on its connection."""
        self._connection.send(value)

    def wait(self) -> None:
        """Wait for the end of the process."""
        try:
            self._outcome = self._connection.recv()
        except EOFError:
            self._process.join()
            self._outcome = (None, ChildProcessError(f"a worker ended with {self._process.exitcode}"))
        self._process.join()

    def result(self) -> Any:
        """Return what the function gave. Raises what it raised."""
        assert self._outcome is not None  # noqa: S101 - asked after `wait`
        value, failure = self._outcome
        if failure is not None:
            raise failure
        return value
