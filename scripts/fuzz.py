"""Give the checks and the site a great many odd projects: `python scripts/fuzz.py [COUNT] [SEED]`.

Prints each error that nobody foresaw with the seed that leads to it, and fails when there is one. The default
tests try a few hundred.
"""

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
    count, seed = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000, sys.argv[2] if len(sys.argv) > 2 else "1"
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as home:
        fuzzer = Fuzzer(Path(home))
        for number in range(count):
            for finding in fuzzer.run(f"{seed}/{number}"):
                place = traceback.extract_tb(finding.error.__traceback__)[-1]
                where = f"{Path(place.filename).name}:{place.lineno}"
                kind = f"{finding.step} {type(finding.error).__name__} {where}"
                kinds[kind] += 1
                if kinds[kind] == 1:
                    print(f"{finding.seed}: {kind}: {finding.error}", flush=True)
    for kind, times in kinds.most_common():
        print(f"{times:6} {kind}")
    print(f"{count} projects, {sum(kinds.values())} errors")
    sys.exit(bool(kinds))
