"""The shape of the house: which module may know which, who prints, who knows mkdocs."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCE = ROOT / "src" / "servicebook"
MODULES = {path.stem: path for path in sorted(SOURCE.glob("*.py")) if path.stem != "__init__"}

# Data flows one way: a module knows only modules of the lines above its own. Modules of one line do not know
# each other. What is imported inside a function counts too.
FLOORS = (
    ("problems", "model", "parallel", "cache", "arithmetic", "theme", "assets", "glyphs", "files"),
    ("yaml_source", "fields", "inline", "terms", "offline"),
    ("messages", "reading"),
    ("load", "templates"),
    ("check", "schema", "shapes", "stamp", "codeowners"),
    ("playbook", "fmt", "init", "versions", "review", "cms"),
    ("new", "diff"),
    ("policy", "explain", "scoring"),
    ("views", "news"),
    ("editions",),
    ("sheets",),
    ("render", "typeset", "workbook"),
    ("shell", "export"),
    ("site",),
    ("pages", "search"),
    ("macros",),
    ("plugin",),
    ("build",),
    ("serve",),
    ("cli",),
    ("__main__",),
)


def imports_of(path: Path) -> set[str]:
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
            assert node.level == 0, f"{path.name}: imports are absolute"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def own_imports_of(path: Path) -> set[str]:
    """Return the modules of the engine that a file imports."""
    return {
        name.split(".")[1]
        for name in imports_of(path)
        if name.startswith("servicebook.") and name.split(".")[1] in MODULES
    }


def test_every_module_has_its_floor() -> None:
    placed = [name for floor in FLOORS for name in floor]
    assert len(placed) == len(set(placed))
    assert set(MODULES) <= set(placed), "say on which floor the new module stands"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_knows_only_those_below(name: str) -> None:
    floor = next(i for i, names in enumerate(FLOORS) if name in names)
    below = {known for names in FLOORS[:floor] for known in names}
    assert own_imports_of(MODULES[name]) <= below


@pytest.mark.parametrize("name", MODULES)
def test_only_the_plugin_knows_mkdocs(name: str) -> None:
    known = {module.split(".")[0] for module in imports_of(MODULES[name])}
    if name != "plugin":
        assert not {"mkdocs", "mkdocs_macros", "material"} & known


@pytest.mark.parametrize("name", MODULES)
def test_only_the_command_line_prints(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    printing = {call for call in calls if call in ("print", "click.echo", "click.secho", "pprint")}
    streams = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.stdout", "sys.stderr")
    }
    if name != "cli":
        assert not printing | streams


@pytest.mark.parametrize("name", MODULES)
def test_no_html_is_written_in_code(name: str) -> None:
    """HTML lives in the designers' room; code may look for tags and name the one that a token is."""
    tree = ast.parse(MODULES[name].read_text(encoding="utf-8"))
    documented = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    patterns = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        for inner in ast.walk(node)
    }
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in documented | patterns
    ]
    assert not [text for text in texts if "class=" in text and "<" in text]
