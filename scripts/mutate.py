"""Which changes of the rules no test notices: `python scripts/mutate.py [ROOM…] [--sample N] [--least N]`.

Changes one operator, constant or decorator of the engine at a time, in a copy of the last commit, and runs
the tests of that room. What survives is printed. `scripts/mutations/equivalents.json` lists the changes that
change nothing, each with its reason. cosmic-ray makes the changes; it has a lock of its own, since nothing
else needs it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import venv
from collections import defaultdict
from pathlib import Path

import environment

HOME = environment.ROOT / "scripts" / "mutations"
TOOLS = environment.ROOT / ".servicebook" / "mutations"
PYTHON = TOOLS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
SECONDS = 120
# The tests that hold the rules of each room; the first that fails ends a run.
TESTS = {
    "content": "tests/test_check.py tests/test_schema.py tests/test_language.py tests/test_cache.py",
    "checks": "tests/test_check.py tests/test_rules.py tests/test_mutations.py",
    "views": "tests/test_rules.py tests/test_review.py tests/test_news.py tests/test_pages.py",
    "editing": "tests/test_rules.py tests/test_diff.py tests/test_fmt.py tests/test_new.py tests/test_cms.py",
    "language": "tests/test_language.py tests/test_messages.py tests/test_terms.py tests/test_inert.py",
}
# `X | Y` is nearly always a type here, and `is` differs from `==` for nothing that we compare.
NOISE = ["core/ReplaceBinaryOperator_BitOr_.*", "core/ReplaceComparisonOperator_.*_Is(Not)?"]


def prepare() -> None:
    """Make the environment of cosmic-ray."""
    environment.prepare()
    if not PYTHON.exists():
        venv.create(TOOLS, with_pip=True)
        pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        environment.run([*pip, "--require-hashes", "-r", str(HOME / "requirements.lock")])


def mutate(room: str, sample: int, copy: Path) -> list[tuple[str, str, str, bool]]:
    """Return each change tried in a room: module, operator, the changed lines, and whether tests noticed."""
    session = copy.parent / f"{room}.sqlite"
    config = copy.parent / f"{room}.toml"
    tests = f"{environment.PYTHON} -m pytest -q -x -p no:cacheprovider {TESTS[room]}"
    config.write_text(
        f'[cosmic-ray]\nmodule-path = "src/servicebook/{room}"\ntimeout = {SECONDS}.0\n'
        "excluded-modules = []\n"
        f'test-command = "{tests}"\n[cosmic-ray.distributor]\nname = "local"\n'
        f"[cosmic-ray.filters.operators-filter]\nexclude-operators = {json.dumps(NOISE)}\n",
        encoding="utf-8",
    )
    run = [str(PYTHON), "-m", "cosmic_ray.cli"]
    told = {**os.environ, "PYTHONPATH": str(copy / "src")}
    subprocess.run([*run, "init", str(config), str(session)], cwd=copy, env=told, check=True)
    operators = "from cosmic_ray.tools.filters.operators_filter import main; raise SystemExit(main())"
    subprocess.run([str(PYTHON), "-c", operators, str(session), str(config)], cwd=copy, env=told, check=True)
    _keep_sample(session, sample)
    subprocess.run([*run, "exec", str(config), str(session)], cwd=copy, env=told, check=True)
    with sqlite3.connect(session) as base:
        rows = base.execute(
            "select module_path, operator_name, diff, test_outcome from mutation_specs"
            " join work_results using (job_id) where worker_outcome = 'NORMAL'"
        ).fetchall()
    return [
        (str(module), operator, _changed_lines(diff), outcome != "SURVIVED")
        for module, operator, diff, outcome in rows
    ]


def _keep_sample(session: Path, sample: int) -> None:
    """Leave only so many changes to try, the same ones each time; 0 leaves all."""
    with sqlite3.connect(session) as base:
        skipped = {job for (job,) in base.execute("select job_id from work_results")}
        jobs = sorted(
            base.execute("select job_id, module_path, operator_name, start_pos_row from mutation_specs"),
            key=lambda job: job[1:],
        )
        open_jobs = [job for job, *_ in jobs if job not in skipped]
        if sample and sample < len(open_jobs):
            kept = set(random.Random(1).sample(open_jobs, sample))  # noqa: S311 - no secret
            for job in set(open_jobs) - kept:
                for table in ("mutation_specs", "work_items"):
                    base.execute(f"delete from {table} where job_id = ?", (job,))  # noqa: S608 - our words


def _changed_lines(diff: str) -> str:
    lines = [line for line in diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    return "\n".join(line.rstrip() for line in lines)


def equivalents() -> dict[str, str]:
    """Return the changes that change nothing, as module and lines, with the reason of each."""
    found: dict[str, str] = json.loads((HOME / "equivalents.json").read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Try the changes asked for; 0 when enough of them are noticed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rooms", nargs="*", choices=[[], *TESTS], default=[])
    parser.add_argument("--sample", type=int, default=0, metavar="N")
    parser.add_argument("--least", type=int, default=0, metavar="PERCENT")
    asked = parser.parse_args()
    prepare()
    known = equivalents()
    noticed: dict[str, list[bool]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="servicebook-mutations-") as home:
        copy = Path(home) / "copy"
        subprocess.run(["git", "clone", "--quiet", str(environment.ROOT), str(copy)], check=True)
        for room in asked.rooms or TESTS:
            for module, operator, lines, was_noticed in mutate(room, asked.sample, copy):
                if f"{module}\n{lines}" in known:
                    continue
                noticed[room].append(was_noticed)
                if not was_noticed:
                    print(f"{module} {operator}\n{lines}\n", flush=True)
    enough = True
    for room, results in noticed.items():
        percent = 100 * sum(results) / len(results)
        enough &= percent >= asked.least
        print(f"{room}: {sum(results)} / {len(results)} = {percent:.1f} %")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
