"""Each component by its examples (tests/components): what it is given, and what must and must not come out.

An argument is plain data, `{entry: EXT-01}` for an entry of the reference playbook (with `but` for fields
that differ), `{Phrase: {...}}` for a model or a view of that name, `{object: {...}}` for anything with these
fields, or `{mapping: {...}}`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import jinja2
import pytest
import yaml

from servicebook.base import problems
from servicebook.content import drafts, playbook
from servicebook.content.model import checklists, declared, entries, settings, types
from servicebook.content.model.types import Model
from servicebook.language.messages import messages_in
from servicebook.paper import sheet
from servicebook.reference import told
from servicebook.site import search
from servicebook.site.render import Renderer
from servicebook.site.site import read_playbook
from servicebook.views import editions, facets, matrices, news, quiz, rows, scoring, trends, upkeep
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "components"
COMPONENTS = ROOT / "overrides" / "components"
# Where the models and views that examples name are.
PLACES = (types, settings, entries, facets, matrices, quiz, rows, scoring, problems, told)
# Where the types are that components say they take.
KNOWN = (
    *PLACES,
    checklists,
    declared,
    drafts,
    editions,
    news,
    playbook,
    search,
    sheet,
    trends,
    upkeep,
)
# These show the playbook as a whole, and are tried with what makes them.
ELSEWHERE = {"downloads", "feed", "lineup", "news", "review_board"}


class Example(NamedTuple):
    """One example: `whole` says that it is no piece of a page, `item` that it stands in a list."""

    component: str
    name: str
    arguments: list[Any]
    has: list[str]
    lacks: list[str]
    whole: bool
    item: bool


def examples() -> Iterator[Example]:
    for path in sorted(FOLDER.glob("*.yml")):
        told = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only, as in a playbook
        for name, one in told["examples"].items():
            arguments, has, lacks = (list(one.get(part, [])) for part in ("arguments", "has", "lacks"))
            yield Example(path.stem, name, arguments, has, lacks, "whole" in told, "list" in one)


@cache
def renderer() -> Renderer:
    found, _ = read_playbook(ROOT, dt.date(2026, 11, 22))
    return Renderer(found, messages_in("es"))


def value_of(told: Any) -> Any:
    """Return what an argument in an example stands for."""
    if isinstance(told, list):
        return [value_of(one) for one in told]
    if isinstance(told, dict):
        if "entry" in told:
            entry = renderer().playbook.entries[told["entry"]]
            but = {field: value_of(value) for field, value in told.get("but", {}).items()}
            return entry.model_copy(update=but)
        [(name, fields)] = told.items()
        if name == "mapping":
            return fields
        if name == "object":
            return SimpleNamespace(**{field: value_of(value) for field, value in fields.items()})
        known = next(getattr(place, name) for place in PLACES if hasattr(place, name))
        if issubclass(known, Model):
            return known.model_validate(fields)
        return known(**{field: value_of(value) for field, value in fields.items()})
    plain = {"true": True, "false": False, "null": None, "": None}
    return plain[told] if told in plain else int(told) if told.isdecimal() else told


def render(example: Example) -> str:
    return renderer().render(example.component, *(value_of(one) for one in example.arguments))


@pytest.mark.parametrize("example", tuple(examples()), ids=lambda one: f"{one.component}: {one.name}")
def test_component_gives_what_its_example_says(example: Example) -> None:
    html = " ".join(render(example).split())
    for fragment in example.has:
        assert fragment in html
    for fragment in example.lacks:
        assert fragment not in html


def test_every_component_has_examples() -> None:
    components = {path.stem for path in (ROOT / "overrides" / "components").glob("*.html")}
    assert components - ELSEWHERE == {path.stem for path in FOLDER.glob("*.yml")}


# --- what each component takes, as its first comment says to who writes one of their own ------------

TAKES = re.compile(r"\{#-(?:(?!-#\}).)*\bTakes (?P<told>(?:(?!-#\}).)*)\. -#\}", re.DOTALL)
PARAMETER = re.compile(r"(\w+) \((?:lists? of )?(\w+)(?: by \w+)?(, optional)?\)")
PLAIN = {"text": str, "flag": bool, "number": int}


def told_parameters(component: str) -> dict[str, tuple[str, bool]]:
    """Return the type and whether it may be left out, by parameter, as a component's comment says."""
    source = (COMPONENTS / f"{component}.html").read_text(encoding="utf-8")
    found = TAKES.match(source)
    assert found, f"{component}: its first comment says «Takes …»"
    told = " ".join(found["told"].split())
    parts = [] if told == "nothing" else PARAMETER.findall(told)
    assert PARAMETER.sub("", told).strip(", ") in ("", "nothing"), told
    return {name: (type_, bool(optional)) for name, type_, optional in parts}


@pytest.mark.parametrize("component", sorted(path.stem for path in COMPONENTS.glob("*.html")))
def test_a_component_takes_what_its_comment_says(component: str) -> None:
    tree = jinja2.Environment(autoescape=True).parse(
        (COMPONENTS / f"{component}.html").read_text(encoding="utf-8")
    )
    macro = next(one for one in tree.find_all(jinja2.nodes.Macro) if one.name == component)
    names = [argument.name for argument in macro.args]
    told = told_parameters(component)
    assert list(told) == names
    with_default = names[len(names) - len(macro.defaults) :]
    assert [name for name, (_, optional) in told.items() if optional] == with_default
    for type_, _ in told.values():
        assert type_ in PLAIN or any(hasattr(place, type_) for place in KNOWN), type_


@pytest.mark.parametrize("example", tuple(examples()), ids=lambda one: f"{one.component}: {one.name}")
def test_an_example_gives_what_its_component_takes(example: Example) -> None:
    told = told_parameters(example.component)
    assert len(example.arguments) <= len(told)
    for (type_, _), argument in zip(told.values(), example.arguments, strict=False):
        value = value_of(argument)
        for one in value if isinstance(value, list | tuple) else [value]:
            if not isinstance(one, SimpleNamespace):
                assert isinstance(one, PLAIN.get(type_) or type_of(type_)), (example.component, type_, one)


def type_of(name: str) -> type:
    """Return the model, view or sheet of a name."""
    found = next(getattr(place, name) for place in KNOWN if hasattr(place, name))
    assert isinstance(found, type)
    return found
