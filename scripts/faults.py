"""Play faults: kills and full disks at every write, builds at once, failing builds, odd surroundings.

`python scripts/faults.py --of kills|full|builds|failures|surroundings [--count N] [--seed S] [--only NAME]`
prints what was lost, half, false or left behind, with what leads to it, and fails when there is anything.
The default tests play a few of each.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environment

if __name__ == "__main__":
    environment.enter(__file__)
    from tests import faults

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--of", choices=("kills", "full", "builds", "failures", "surroundings"), required=True
    )
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", default="", help="one order, or one way of failing")
    asked = parser.parse_args()

    def play(home: Path) -> Iterator[str]:
        """Yield what goes wrong."""
        numbers = [f"{asked.seed}/{number}" for number in range(asked.count)]
        if asked.of in ("kills", "full"):
            for name in [asked.only] if asked.only else faults.ORDERS:
                kind = "kill" if asked.of == "kills" else "full"
                interrupted = faults.Interrupted(home, name, kind)
                print(f"{name}: {interrupted.total} changes", flush=True)
                yield from (f"{name} {told}" for told in interrupted.run(asked.count, asked.seed))
        elif asked.of == "builds":
            builds = faults.AtOnce(home)
            for number in numbers:
                yield from builds.pair(number)
            for number in numbers[: asked.count // 4]:
                yield from builds.pair(f"three-{number}", builds=3)
                yield from builds.beside_preview(number)
        elif asked.of == "failures":
            for name in [asked.only] if asked.only else (*faults.SPOILED, *faults.ENDED):
                print(name, flush=True)
                for number in numbers:
                    yield from faults.failure(home, name, number)
        else:
            yield from faults.surrounded(home, asked.count)

    found = 0
    with tempfile.TemporaryDirectory() as folder:
        for told in play(Path(folder)):
            found += 1
            print(told, flush=True)
    print(f"{asked.of}: {asked.count} of each, {found} faults")
    sys.exit(bool(found))
