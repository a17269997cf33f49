"""The house drawn from the imports: `python scripts/house.py` writes it into ARCHITECTURE.md.

Rooms are the packages of the engine. Each knows only those named before it in `ROOMS`, and no modules know
each other in a circle; `tests/test_house.py` holds both.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "servicebook"
PLAN = ROOT / "ARCHITECTURE.md"
# A room knows only those that stand before it.
ROOMS = (
    "base",
    "language",
    "content",
    "checks",
    "views",
    "editing",
    "paper",
    "site",
    "building",
    "cli",
    "reference",
)
# What stands at the door: `python -m servicebook`, and what adopters' mkdocs.yml and scripts name.
DOORS = ("__main__", "macros", "plugin")
START, END = "<!-- house: drawn by scripts/house.py -->", "<!-- end of house -->"

Arrows = dict[str, set[str]]


@functools.cache
def modules() -> dict[str, Path]:
    """Return every module of the engine by its name below the package: `content.model.types`."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if path.name != "__init__.py":
            found[".".join(parts)] = path
    return found


def room_of(module: str) -> str:
    """Return the room that a module stands in; a door is its own."""
    return module.partition(".")[0]


@functools.cache
def imports_of(path: Path) -> frozenset[str]:
    """Return every module that a file imports, wherever in it, those for type checks alone left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{'.' * node.level}{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def arrows() -> Arrows:
    """Return each module of the engine and those that it knows."""
    known = modules()
    return {
        name: {m for m in map(_module_in, imports_of(path)) if m in known} for name, path in known.items()
    }


def _module_in(imported: str) -> str:
    """Return the module of ours that an import names: `servicebook.base.files.files_in` is `base.files`."""
    name = imported.removeprefix("servicebook.")
    if name == imported:
        return ""
    known = modules()
    return name if name in known else name.rpartition(".")[0]


def rooms_known(of: Arrows) -> Arrows:
    """Return each room and the other rooms that its modules know."""
    return {
        room: {room_of(m) for name, ms in of.items() if room_of(name) == room for m in ms} - {room}
        for room in ROOMS
    }


def circle_in(of: Arrows) -> list[str]:
    """Return modules that know each other in a circle, or nothing."""
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in done:
            return []
        for other in sorted(of[name]):
            if circle := visit(other, (*trail, name)):
                return circle
        done.add(name)
        return []

    return next((circle for name in sorted(of) if (circle := visit(name, ()))), [])


def draw() -> str:
    """Return the rooms as Markdown: a graph without implied arrows, and what each holds."""
    known = rooms_known(arrows())
    lines = [START, "", "```mermaid", "graph BT"]
    for room in ROOMS:
        implied = {further for other in known[room] for further in _reached(other, known)}
        lines += [f"  {room} --> {other}" for other in ROOMS if other in known[room] - implied]
    lines += ["```", "", "| room | modules |", "|---|---|"]
    for room in ROOMS:
        names = ", ".join(f"`{name.partition('.')[2]}`" for name in modules() if room_of(name) == room)
        lines.append(f"| `{room}/` | {names} |")
    return "\n".join([*lines, "", END])


def _reached(room: str, known: Arrows) -> set[str]:
    return known[room] | {further for other in known[room] for further in _reached(other, known)}


def redrawn(plan: str) -> str:
    """Return the text of the plan with the house as it stands now."""
    before, _, rest = plan.partition(START)
    return f"{before}{draw()}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PLAN.write_text(redrawn(PLAN.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
