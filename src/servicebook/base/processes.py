"""Work shared among the machine's cores, where processes can be forked; in this one process elsewhere.

A forked child sees everything that was loaded before it without a copy, so a large playbook is neither sent
to it nor held twice. Whatever was started ends with this process: `end_all` ends it, and the system does
where this process is killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
Ingredient = TypeVar("Ingredient")
Result = TypeVar("Result")
# Tasks taken at a time: enough that taking costs nothing, few enough that all end together.
_BATCH = 20
# Linux's name for "send me this signal when my parent ends".
_PR_SET_PDEATHSIG = 1


class _Endable(Protocol):
    def end(self) -> None:
        """End the process, whatever it does."""


# What was started and has not ended.
_living: dict[int, _Endable] = {}


def end_all() -> None:
    """End every process that this one started and that is still at work."""
    for one in [*_living.values()]:
        one.end()


def run_program(command: Sequence[str], folder: Path, seconds: float) -> int:
    """Run a program in a folder and return its exit code.

    Raises OSError when it cannot be started, TimeoutError when it is not done after `seconds`; it has been
    ended then, as it is by whatever else interrupts the waiting.
    """
    # Between fork and exec of a process with threads nothing but exec may be called.
    alone = sys.platform.startswith("linux") and threading.active_count() == 1
    begin = partial(_begin_below, os.getpid()) if alone else None
    program = _Program(subprocess.Popen(command, cwd=folder, preexec_fn=begin))  # noqa: S603
    try:
        return program.process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise TimeoutError(command[0]) from error
    finally:
        program.end()


class _Program:
    """A program that was started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        _living[id(self)] = self

    def end(self) -> None:
        """End the program, whatever it does."""
        _living.pop(id(self), None)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def _begin_below(parent: int) -> None:
    """Let the system end this process when its parent ends; where that has happened already, it ends now."""
    _end_with_parent()
    if os.getppid() != parent:
        os._exit(1)


def _end_with_parent() -> None:
    """Let the system end this process when the one that started it has ended."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def count_workers(tasks: int, least: int) -> int:
    """Return how many processes to share `tasks` among, so that each has at least `least` of them."""
    # macOS can fork but its system libraries may not survive it, and Windows cannot; where there are other
    # threads, a child would be born with the locks that they happen to hold.
    if not sys.platform.startswith("linux") or threading.active_count() > 1:
        return 1
    return max(1, min(len(os.sched_getaffinity(0)), tasks // least))


class Begun(Generic[Ingredient, Result]):
    """A task under way in a process of its own; where none is to be had, it is done when it is asked for.

    The task may wait for one thing more, by calling what it is given.
    """

    def __init__(self, task: Callable[[Callable[[], Ingredient]], Result], *, alone: bool = False) -> None:
        """Begin the task; with `alone`, it is not worth a process."""
        self._task = task
        child = not alone and count_workers(2, least=1) > 1
        self._child = _Child(lambda connection: task(connection.recv)) if child else None

    def give(self, ingredient: Ingredient) -> None:
        """Give the task what it waits for."""
        self._ingredient = ingredient
        if self._child:
            self._child.send(ingredient)

    def end(self) -> None:
        """End the task, whatever it does."""
        if self._child:
            self._child.end()

    def result(self) -> Result:
        """Return what came of the task when it is done. Raises what it raised."""
        if self._child is None:
            return self._task(lambda: self._ingredient)
        self._child.wait()
        outcome: Result = self._child.result()
        return outcome


def gather(task: Callable[[int], T], count: int, workers: int) -> Iterator[tuple[int, T]]:
    """Yield `(i, task(i))` for each `i` below `count` as it is done, in no order, from that many processes.

    This process does none of them, so nothing that a task starts or loads stays in it. Raises what a task
    raised.
    """
    begun = multiprocessing.get_context("fork").Value("l", 0)

    def work(connection: Connection) -> None:
        while True:
            with begun.get_lock():
                i = begun.value
                begun.value += 1
            if i >= count:
                return
            connection.send([(i, task(i))])

    children = [_Child(work) for _ in range(workers)]
    try:
        yield from _results_of(children)
    finally:
        for child in children:
            child.end()


def _results_of(children: Iterable[_Child]) -> Iterator[Any]:
    """Yield what is in the lists that children send until each has ended. Raises what one raised."""
    working = [*children]
    while working:
        yield from _arrived(working)


def _arrived(working: list[_Child], timeout: float | None = None) -> Iterator[Any]:
    """Yield what is in the lists that come within `timeout` seconds; take those out of `working` that ended.

    Raises what one raised.
    """
    come = wait([child.connection for child in working], timeout)
    for child in [child for child in working if child.connection in come]:
        sent = child.receive()
        if sent is None:
            working.remove(child)
            child.result()
        else:
            yield from sent


class Ahead(Generic[T, Ingredient, Result]):
    """Tasks that other processes begin before their last ingredient is there.

    `prepare(i)` needs nothing more; `finish(i, prepared, ingredient)` ends a task. The children prepare from
    the start and finish once `give` has handed out the ingredient; `results` takes part until all is done.
    They step back for everything else that a build does meanwhile, since the rest of it waits for that.
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

    def end(self) -> None:
        """End the work of the other processes, whatever they do."""
        for child in self._children:
            child.end()

    def results(self) -> Iterator[tuple[int, Result]]:
        """Yield `(i, result)` for each task as it is done, in no order. Raises what a task raised.

        What the children did is taken as it comes: they wait for it to be taken.
        """
        working = [*self._children]
        for batch in self._batches():
            for i in batch:
                yield i, self._finish(i, self._prepare(i), self._ingredient)
            yield from _arrived(working, timeout=0)
        yield from _results_of(working)

    def _work_ahead(self, connection: Connection) -> None:
        os.nice(10)
        prepared: list[tuple[int, T]] = []
        given = False

        def finish() -> None:
            connection.send([(i, self._finish(i, one, self._ingredient)) for i, one in prepared])
            prepared.clear()

        for batch in self._batches():
            prepared += [(i, self._prepare(i)) for i in batch]
            if not given and connection.poll():
                self._ingredient = connection.recv()
                given = True
            if given:
                finish()
        if not given:
            self._ingredient = connection.recv()
        finish()

    def _batches(self) -> Iterator[range]:
        """Yield the tasks that are this process's to do, some at a time, until none is left for any."""
        if self._next is None:
            yield range(self._count)
            return
        while True:
            with self._next.get_lock():
                start = self._next.value
                self._next.value = start + _BATCH
            if start >= self._count:
                return
            yield range(start, min(start + _BATCH, self._count))


@dataclass
class _Outcome:
    """What a child's function returned, or what it raised."""

    value: Any = None
    failure: BaseException | None = None


class _Child:
    """A forked process that runs one function, and leads a group of all that it starts itself."""

    def __init__(self, function: Callable[[Connection], Any]) -> None:
        context = multiprocessing.get_context("fork")
        self.connection, theirs = context.Pipe()
        self._outcome: _Outcome | None = None
        self._process = context.Process(target=self._run, args=(function, theirs), daemon=True)
        self._parent = os.getpid()
        self._process.start()
        _living[id(self)] = self
        theirs.close()
        self._lead()

    def _lead(self) -> None:
        # Both sides say it, so that it is said before either goes on.
        with contextlib.suppress(OSError):
            os.setpgid(self._process.pid or 0, self._process.pid or 0)

    def _run(self, function: Callable[[Connection], Any], connection: Connection) -> None:
        _begin_below(self._parent)
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, signal.SIG_DFL)
        _living.clear()
        self.connection.close()
        try:
            outcome = _Outcome(function(connection))
        except (EOFError, BrokenPipeError, KeyboardInterrupt):
            return  # nobody waits any more
        except Exception as error:
            outcome = _Outcome(failure=error)
        with contextlib.suppress(BrokenPipeError):
            connection.send(outcome)

    def send(self, value: object) -> None:
        """Send the function a value on its connection; where it has failed already, `result` will say so."""
        with contextlib.suppress(BrokenPipeError):
            self.connection.send(value)

    def receive(self) -> Any | None:
        """Return the next value that the function sends, or None when the process has ended."""
        try:
            sent = self.connection.recv()
        except EOFError:
            self._ended()
            sent = _Outcome(failure=ChildProcessError(f"a worker ended with {self._process.exitcode}"))
        if not isinstance(sent, _Outcome):
            return sent
        self._ended()
        self._outcome = sent
        return None

    def wait(self) -> None:
        """Wait for the end of the process."""
        while self.receive() is not None:
            pass

    def result(self) -> Any:
        """Return what the function gave. Raises what it raised."""
        assert self._outcome is not None  # noqa: S101 - asked after `wait`
        if self._outcome.failure is not None:
            raise self._outcome.failure
        return self._outcome.value

    def end(self) -> None:
        """End the process and all that it started, whatever they do."""
        _living.pop(id(self), None)
        if self._process.pid is not None and self._process.exitcode is None:
            with contextlib.suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.join()
        self.connection.close()

    def _ended(self) -> None:
        self._process.join()
        _living.pop(id(self), None)
