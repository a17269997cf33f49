"""A plugin of pytest that records which test runs which lines, and tries slips with the tests of their lines.

`--record FILE` runs the tests and writes what each took and touched. `--try FILE` runs none by itself: it
makes each slip that the file names in a process of its own, forked when everything is imported and collected,
and runs the tests named there until one fails. A slip inside a function replaces the code of that function;
one outside, what importing the module makes, has the product and the tests imported anew.
"""

from __future__ import annotations

import functools
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import pkgutil
import shutil
import signal
import sys
import tempfile
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest
from coverage import Coverage

from mutations.slips import Slip, find_slips

SOURCE = Path(__file__).resolve().parents[2] / "src" / "servicebook"
# What builds the whole site, serves it or drives a browser is no quick test of a rule.
UNFIT = {"reference_site", "reference_url", "browser", "playwright", "desk"}
UNFIT_CALLS = {"build", "build_project", "calculate"}
# Whatever else takes longer than these seconds is none either.
LONGEST = 15
# Seconds of the processor in which a trial must end: a slip may make a loop that never does.
LEAST_SECONDS, MANY_TIMES = 10.0, 6.0
# What a process ends with that could not make its slip.
_NOT_TRIED = 90


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the file to write to, or the file that says what to try."""
    parser.addoption("--record", default="")
    parser.addoption("--try", dest="trials", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the recorder or the trials."""
    if config.getoption("record"):
        config.pluginmanager.register(Recorder(Path(config.getoption("record"))))
    if config.getoption("trials"):
        config.pluginmanager.register(Trials(Path(config.getoption("trials"))))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is no quick test of a rule, and what draws its examples by lot.

    What notices a slip by luck does not hold it; and a draw that is told to stop keeps the lock of all draws.
    """
    items[:] = [
        item
        for item in items
        if isinstance(item, pytest.Function)
        and not getattr(item.function, "is_hypothesis_test", False)
        and not UNFIT & set(item.fixturenames)
        and not UNFIT_CALLS & set(item.function.__code__.co_names)
    ]


class Recorder:
    """Writes the seconds and the lines of every test, and of what tests share."""

    def __init__(self, path: Path) -> None:
        """Start to look at the lines that run."""
        self._path = path
        self._coverage = Coverage(data_file=None, source=[str(SOURCE)], config_file=False)
        self._coverage.start()
        self._seconds: dict[str, float] = {}
        self._fixtures: dict[str, list[str]] = {}
        self._failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Run a test under its name."""
        self._coverage.switch_context(item.nodeid)
        self._fixtures[item.nodeid] = list(getattr(item, "fixturenames", ()))
        began = time.process_time()
        signal.signal(signal.SIGALRM, _stop)
        signal.alarm(LONGEST)
        result = yield
        signal.alarm(0)
        self._seconds[item.nodeid] = time.process_time() - began
        self._coverage.switch_context("")
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        """Make what tests share under its own name: each of them stands on those lines."""
        if fixturedef.scope == "function":
            return (yield)
        self._coverage.switch_context(f"fixture {fixturedef.argname}")
        began = time.process_time()
        result = yield
        name = f"fixture {fixturedef.argname}"
        self._seconds[name] = time.process_time() - began
        self._coverage.switch_context(request._pyfuncitem.nodeid)
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails without any slip notices nothing."""
        if report.failed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write what was seen."""
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {
            Path(name).relative_to(SOURCE.parent).as_posix(): data.contexts_by_lineno(name)
            for name in sorted(data.measured_files())
        }
        for name in self._failed:
            self._fixtures.pop(name, None)
        seen = {"seconds": self._seconds, "fixtures": self._fixtures, "lines": lines}
        self._path.write_text(json.dumps(seen), encoding="utf-8")


def _stop(number: int, frame: object) -> NoReturn:
    raise TimeoutError("no quick test")


class Trials:
    """Tries slips one after the other, and writes a line for each: noticed or not."""

    def __init__(self, path: Path) -> None:
        """Read what is to be tried: `[{module, slip, tests, seconds}…]`; the answers stand beside."""
        self._path = path
        self._slips: dict[str, list[Slip]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try everything instead of running the tests."""
        import servicebook

        for module in pkgutil.walk_packages(servicebook.__path__, "servicebook."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        items = {item.nodeid: item for item in session.items}
        # The tests hide what lives to the end from the collector of cycles; here it has to be found.
        gc.unfreeze()
        functions = _functions()
        with self._path.with_suffix(".answers").open("w", encoding="utf-8") as answers:
            for trial in json.loads(self._path.read_text(encoding="utf-8")):
                code = self._try(trial, session.config, items, functions)
                answer = {"at": trial["at"], "noticed": code != 0, "made": code != _NOT_TRIED}
                answers.write(json.dumps(answer) + "\n")
                answers.flush()
        return True

    def _try(
        self,
        trial: dict[str, Any],
        config: pytest.Config,
        items: dict[str, pytest.Item],
        functions: dict[tuple[str, str, int], list[types.FunctionType]],
    ) -> int:
        """Return what the process ends with in which a slip was made: 0 where no test noticed it."""
        slip = self._slip(trial["module"], trial["slip"])
        folder = tempfile.mkdtemp(prefix="servicebook-trial-")
        child = os.fork()
        if child == 0:
            seconds = max(LEAST_SECONDS, MANY_TIMES * trial["seconds"])
            signal.setitimer(signal.ITIMER_PROF, seconds)
            signal.setitimer(signal.ITIMER_REAL, 30 * seconds)
            try:
                if trial["anew"]:
                    _run_anew(slip, trial["tests"], folder)
                if slip:
                    _swap(slip, functions)
                _run_here([items[name] for name in trial["tests"]], config, Path(folder))
            except BaseException:  # whatever stops a run is noticed
                os._exit(1)
        status = os.waitpid(child, 0)[1]
        shutil.rmtree(folder, ignore_errors=True)
        return os.waitstatus_to_exitcode(status)

    def _slip(self, module: str, number: int | None) -> Slip | None:
        if number is None:
            return None
        if module not in self._slips:
            self._slips[module] = find_slips(SOURCE.parent / module, module)
        return self._slips[module][number]


def _functions() -> dict[tuple[str, str, int], list[types.FunctionType]]:
    """Return every function of the product by its file, name and line."""
    found: dict[tuple[str, str, int], list[types.FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, types.FunctionType) and one.__code__.co_filename.startswith(str(SOURCE)):
            code = one.__code__
            found[code.co_filename, code.co_qualname, code.co_firstlineno].append(one)
    return found


def _swap(slip: Slip, functions: dict[tuple[str, str, int], list[types.FunctionType]]) -> None:
    """Give a function the code that the slip makes of it, wherever it is known; forget what it has said."""
    path = str(SOURCE.parent / slip.module)
    changed = compile(slip.tree(Path(path).read_text(encoding="utf-8")), path, "exec")
    code = next(one for one in _codes(changed) if (one.co_qualname, one.co_firstlineno) == slip.function)
    same = functions[path, code.co_qualname, code.co_firstlineno]
    if not same:
        os._exit(_NOT_TRIED)
    for function in same:
        function.__code__ = code
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and str(one.__module__).startswith("servicebook"):
            one.cache_clear()


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            yield inner
            yield from _codes(inner)


class _Failing:
    """Ends the process at the first test that fails."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(1)


def _run_here(items: Sequence[pytest.Item], config: pytest.Config, folder: Path) -> NoReturn:
    """Run tests that are collected already; ends the process."""
    config._tmp_path_factory._basetemp = folder.resolve()  # type: ignore[attr-defined]
    config.pluginmanager.register(_Failing())
    for item, following in zip(items, [*items[1:], None], strict=True):
        config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    os._exit(0)


class _Loader(importlib.abc.InspectLoader):
    def __init__(self, code: types.CodeType, path: str) -> None:
        self._code, self._path = code, path

    def get_code(self, fullname: str) -> types.CodeType:
        return self._code

    def get_source(self, fullname: str) -> str:
        return Path(self._path).read_text(encoding="utf-8")

    def exec_module(self, module: types.ModuleType) -> None:
        module.__file__ = self._path
        super().exec_module(module)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the module with the slip in place of the one on the disk."""

    def __init__(self, slip: Slip) -> None:
        self._path = str(SOURCE.parent / slip.module)
        self._name = slip.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._tree = slip.tree(Path(self._path).read_text(encoding="utf-8"))

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_loader(
            name, _Loader(compile(self._tree, self._path, "exec"), self._path)
        )


def _run_anew(slip: Slip | None, tests: list[str], folder: str) -> NoReturn:
    """Import the product and the tests again, and run some; ends the process."""
    for name in [*sys.modules]:
        if name.partition(".")[0] in ("servicebook", "tests"):
            del sys.modules[name]
    if slip:
        sys.meta_path.insert(0, _Finder(slip))
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        sys.stdout = sys.stderr = nowhere
        options = ["-x", "-q", "-p", "no:cacheprovider", f"--basetemp={folder}/t"]
        os._exit(int(pytest.main([*options, *tests])))
