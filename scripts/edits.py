"""Edit a small project at random and build it each time, over the site that stands and clean.

`python scripts/edits.py [--count N] [--seed S] [--size STANDARDS]` prints where the two sites are not the
same bytes, and fails where there is such a place. The default tests make a few of these edits.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import environment

if __name__ == "__main__":
    environment.enter(__file__)
    from tests.edits import Edited

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--size", type=int, default=20)
    asked = parser.parse_args()
    found = 0
    with tempfile.TemporaryDirectory() as folder:
        edited = Edited(Path(folder), asked.seed, asked.size)
        for told in edited.run(asked.count):
            found += 1
            print(told, flush=True)
    print(f"{asked.count} edits, {edited.refused} refused, {found} differ", end="; ")
    print(f"{edited.kept} of {edited.pages} pages were kept")
    sys.exit(1 if found else 0)
