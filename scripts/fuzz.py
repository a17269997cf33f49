"""Give the checks and the build a great many odd projects: `python scripts/fuzz.py [--count N] [--seed S]`.

Prints each error that nobody foresaw with the seed that leads to it, and fails when there is one. The default
tests try a few hundred.
"""

import argparse
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import environment

if __name__ == "__main__" and "tests" not in sys.modules:
    try:
        from tests.fuzzing import Fuzzer
    except ImportError:
        environment.prepare()
        sys.exit(environment.run_script(Path(__file__), *sys.argv[1:]))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=30_000)
    parser.add_argument("--seed", default="1")
    asked = parser.parse_args()
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as home:
        fuzzer = Fuzzer(Path(home))
        for number in range(asked.count):
            for finding in fuzzer.run(f"{asked.seed}/{number}"):
                place = traceback.extract_tb(finding.error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                kind = f"{finding.step} {type(finding.error).__name__} {where}"
                kinds[kind] += 1
                if kinds[kind] == 1:
                    print(f"{finding.seed}: {kind}: {finding.error}", flush=True)
    for kind, times in kinds.most_common():
        print(f"{times:6} {kind}")
    print(f"{asked.count} projects, {sum(kinds.values())} errors")
    sys.exit(bool(kinds))
