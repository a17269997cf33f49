"""The shape of the house: which room may know which, how large modules are, who prints, who knows mkdocs."""

from __future__ import annotations

import ast

import pytest
from house import (
    DOORS,
    PLAN,
    ROOMS,
    SOURCE,
    arrows,
    circle_in,
    imports_of,
    modules,
    redrawn,
    room_of,
)

MODULES = modules()
ARROWS = arrows()
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
# What is longer, and why it is better so.
LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}


def test_every_module_stands_in_a_room() -> None:
    assert {room_of(name) for name in MODULES} == {*ROOMS, *DOORS}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    told = ast.get_docstring(ast.parse((SOURCE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    for part in ("In:", "Out:", "Must not know:"):
        assert part in told, (
            f"{room}/__init__.py tells what comes in, what goes out, and what it must not know"
        )


@pytest.mark.parametrize("name", MODULES)
def test_a_module_knows_only_rooms_above_its_own(name: str) -> None:
    allowed = ROOMS if name in DOORS else ROOMS[: ROOMS.index(room_of(name)) + 1]
    assert {room_of(other) for other in ARROWS[name]} <= set(allowed)


def test_no_modules_know_each_other_in_a_circle() -> None:
    assert circle_in(ARROWS) == []


def test_a_circle_would_be_found() -> None:
    assert circle_in({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.parametrize("name", MODULES)
def test_imports_are_absolute(name: str) -> None:
    assert not [imported for imported in imports_of(MODULES[name]) if imported.startswith(".")]


def test_what_adopters_name_stays_at_its_old_address() -> None:
    """Their mkdocs.yml names `servicebook.macros`; scripts of theirs make sites by `servicebook.plugin`."""
    from servicebook import macros, plugin
    from servicebook.building import builder, events

    assert callable(macros.define_env)
    assert (plugin.SiteBuilder, plugin.ServicebookPlugin) == (builder.SiteBuilder, events.ServicebookPlugin)


def test_the_plan_shows_the_house_as_it_is() -> None:
    plan = PLAN.read_text(encoding="utf-8")
    assert redrawn(plan) == plan, "run `python scripts/house.py`"


def test_modules_are_short() -> None:
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name for name, size in sizes.items() if size > LONGEST_MODULE} == set(LONG_MODULES)


def test_functions_are_short() -> None:
    """Their complexity is held by ruff (C901)."""
    long = {
        f"{name}.{node.name}"
        for name, path in MODULES.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)


@pytest.mark.parametrize("name", MODULES)
def test_only_the_building_room_knows_mkdocs(name: str) -> None:
    known = {module.split(".")[0] for module in imports_of(MODULES[name])}
    if room_of(name) != "building":
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
    if room_of(name) != "cli":
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
