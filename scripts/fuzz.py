"""Give the checks, the build, and what reads and writes single files a great deal of nonsense.

`python scripts/fuzz.py [--of projects|files|forms] [--count N] [--seed S]` prints each error that nobody
foresaw with the seed that leads to it, and fails when there is one. The default tests try a few hundred.
"""

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import environment

if __name__ == "__main__" and "tests" not in sys.modules:
    environment.enter(__file__)
    from tests.fuzzing import Finding, Fuzzer
    from tests.fuzzing_files import FileFuzzer, save_by_node
    from tests.node import FORMS, find_node, make_forms

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", choices=("projects", "files", "forms"), default="projects")
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--seed", default="1")
    asked = parser.parse_args()
    # As many as one process of node is given at once.
    batch = 200

    def findings(home: Path) -> Iterator[Finding]:
        """Yield what goes wrong with as many seeds as asked for."""
        if asked.of == "forms":
            save = save_by_node(find_node(), FORMS, make_forms(home / "admin"))
            forms = FileFuzzer(home)
            for number in range(0, asked.count, batch):
                yield from forms.forms(f"{asked.seed}/{number}", min(batch, asked.count - number), save)
            return
        fuzzer: Any = Fuzzer(home) if asked.of == "projects" else FileFuzzer(home)
        for number in range(asked.count):
            yield from fuzzer.run(f"{asked.seed}/{number}")

    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for finding in findings(Path(folder)):
            place = traceback.extract_tb(finding.error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            kind = f"{finding.step} {type(finding.error).__name__} {where}"
            kinds[kind] += 1
            if kinds[kind] == 1:
                print(f"{finding.seed}: {kind}: {finding.error}", flush=True)
    for kind, times in kinds.most_common():
        print(f"{times:6} {kind}")
    print(f"{asked.count} {asked.of}, {sum(kinds.values())} errors")
    sys.exit(bool(kinds))
