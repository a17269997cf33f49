"""Each component by its examples (tests/components): what it is given, and what must and must not come out.

An argument is plain data, `{entry: EXT-01}` for an entry of the reference playbook (with `but` for fields
that differ), `{Phrase: {...}}` for a model or a view of that name, `{object: {...}}` for anything with these
fields, or `{mapping: {...}}`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
import yaml

from servicebook.content.model import entries, settings, types
from servicebook.content.model.types import Model
from servicebook.language.messages import messages_in
from servicebook.site.render import Renderer
from servicebook.site.site import read_playbook
from servicebook.views import facets, matrices, rows, scoring
from tests.conftest import ROOT

FOLDER = ROOT / "tests" / "components"
# Where the models and views that examples name are.
PLACES = (types, settings, entries, facets, matrices, rows, scoring)
# These show the playbook as a whole, and are tried with what makes them.
ELSEWHERE = {"downloads", "feed", "news", "review_board", "search_document"}


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
    playbook, _ = read_playbook(ROOT, dt.date(2026, 11, 22))
    return Renderer(playbook, messages_in("es"))


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
