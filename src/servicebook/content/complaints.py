"""A validator's complaints about data from YAML, said in our own rules at their place in the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from yaml.nodes import Node

from servicebook.base import yaml_source
from servicebook.base.problems import Location, Problem, first_of
from servicebook.content.marked import Loc
from servicebook.content.model.entries import Entry
from servicebook.content.model.types import FORMATS, ITEM_TAIL, Model
from servicebook.content.reading import Document

# As many letters as an id has whose number tells it from others: `EXT-07`, and not `carlzon-1987`.
_CODE = 6
_BEGUN = re.compile(r"([^\W\d_]+)(.*)")
_RUN = re.compile(r"\d+|[^\W\d_]+")
_AS_DIGITS = str.maketrans("oilszb", "011528")


@dataclass(frozen=True)
class SourceFile:
    """A YAML file to read: where it is, and how problems name it."""

    path: Path
    shown: str

    def locate(self, loc: Loc, at_key: bool = False) -> Location:
        """Return where `loc` stands; the file is composed again, since only problems ask."""
        return yaml_source.location_of(
            yaml_source.find_node(composed(self.path, self.shown), loc, at_key), self.shown
        )


def suggest(word: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """Return the known word nearest to `word`, or None when none is `alike` (0 to 1, the same word)."""
    by_fold = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_fold, n=1, cutoff=alike)
    return by_fold[near[0]] if near else None


def suggest_id(written: str, known: Iterable[str]) -> str | None:
    """Return the known id that a slip of the hand made `written` of, or None.

    A number tells one entry from the next, so ids that are little more (`EXT-07`) are not matched by
    likeness: numbers must be the same, but for zeros in front, dashes, and letters that look like digits.
    """
    named: list[str] = []
    numbered: list[str] = []
    for name in known:
        (numbered if _is_numbered(name) else named).append(name)
    code, number = _parts_of(written)
    heads = {_parts_of(name)[0]: name for name in numbered if _parts_of(name)[1] == number}
    if near := suggest(code, heads):
        return heads[near]
    return None if _is_numbered(written) else suggest(written, named)


def _is_numbered(identity: str) -> bool:
    letters = sum(map(str.isalpha, identity))
    return letters <= _CODE and any(map(str.isdigit, identity))


def _parts_of(identity: str) -> tuple[str, tuple[str, ...]]:
    """Return the letters that an id begins with, and the numbers and words after them as they are meant."""
    begun = _BEGUN.match(identity.casefold())
    code, rest = begun.groups() if begun else ("", identity)
    return str(code), tuple(one.lstrip("0") for one in _RUN.findall(rest.translate(_AS_DIGITS)))


@cache
def composed(path: Path, shown: str) -> Node:
    return yaml_source.compose(yaml_source.read_text(path, shown), shown)


def validate(model: type[Model], data: Any, file: SourceFile, place: Loc, problems: list[Problem]) -> Any:
    """Return the model made of `data`, which stands at `place` in its file; None, with its problems added."""
    if not isinstance(data, dict):
        rule = "element-not-map" if place else "file-not-map"
        problems.append(Problem(file.locate(place), rule, {"found": shape_word(data)}))
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        # pydantic counts only the good elements of a list, and calls a list short because one is bad.
        real = (detail for detail in details if not _is_echo(detail))
        problems.extend(first_of(_explain(detail, model, file, place) for detail in real))
        return None


def validate_json(model: type[Entry], document: Document) -> Entry | None:
    """Return the entry that a document holds, or None where it takes its data to say what is wrong.

    Most documents are right, and to make their data first takes as long as to make their entries.
    """
    try:
        return model.model_validate_json(document.json) if document.json is not None else None
    except ValidationError:
        return None


def shape_word(data: Any) -> str:
    if isinstance(data, dict):
        return "map"
    return "list" if isinstance(data, list) else "text"


def _explain(detail: Any, model: type[BaseModel], file: SourceFile, place: Loc) -> Problem:
    """Return one of pydantic's errors as a Problem: our rule, its values, and the place in the file."""
    kind, loc = detail["type"], tuple(detail["loc"])
    name = str(loc[-1]) if loc else ""
    if kind == "missing":
        return Problem(file.locate((*place, *loc[:-1])), "missing", {"field": name})
    if kind == "extra_forbidden":
        if loc[:-1] == ("mappings",):
            return Problem(file.locate((*place, *loc), at_key=True), "unknown-framework", {"field": name})
        known = _fields_at(model, loc[:-1])
        words = ", ".join(sorted(known))
        values: dict[str, object] = {"field": name, "fields": words, "suggestion": suggest(name, known)}
        return Problem(file.locate((*place, *loc), at_key=True), "unknown-field", values)
    if name == "[key]":
        location = file.locate((*place, *loc[:-1]), at_key=True)
        rule, values = _rule_of(kind, detail)
        return Problem(location, rule, {"field": str(loc[-3] if len(loc) > 2 else loc[-2]), **values})
    field_name = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    rule, values = _rule_of(kind, detail)
    if rule == "empty" and isinstance(loc[-1], int):
        rule = "empty-element"
    elif rule == "empty" and _is_required(model, loc):
        rule = "empty-required"
    return Problem(file.locate((*place, *loc)), rule, {"field": field_name, **values})


def _rule_of(kind: str, detail: Any) -> tuple[str, dict[str, object]]:
    """Return our rule and its values for a pydantic error type."""
    given, context = detail["input"], detail.get("ctx", {})
    if given is None or given in ("", [], {}) or kind == "string_too_short":
        return "empty", {}
    if isinstance(given, list | dict) and kind.startswith(("literal", "date")):
        return "wrong-type-text", {}
    simple: dict[str, Callable[[], tuple[str, dict[str, object]]]] = {
        "literal_error": lambda: ("choice", _choice(str(given), context["expected"])),
        "string_pattern_mismatch": lambda: _format(str(given), context["pattern"]),
        "string_too_long": lambda: ("too-long", {"limit": context["max_length"], "length": len(given)}),
        "date_format": lambda: ("date", {"value": str(given)}),
        "greater_than_equal": lambda: ("too-small", {"limit": context["ge"], "value": str(given)}),
        "less_than_equal": lambda: ("too-large-number", {"limit": context["le"], "value": str(given)}),
        "too_short": lambda: ("too-few", {"limit": context["min_length"], "length": len(given)}),
        "format_newer": lambda: ("format-newer", {"format": context["format"], "known": context["known"]}),
        "finite_number": lambda: ("wrong-type-number", {"value": str(given)}),
    }
    if kind in simple:
        return simple[kind]()
    wanted = {
        "string_type": "text",
        "tuple_type": "list",
        "dict_type": "map",
        "model_type": "map",
        "model_attributes_type": "map",
        "int_parsing": "integer",
        "int_type": "integer",
        "int_from_float": "integer",
        "int_parsing_size": "integer",
        "float_parsing": "number",
        "float_type": "number",
        "bool_parsing": "flag",
        "bool_type": "flag",
    }.get(kind)
    if wanted in ("integer", "number", "flag") and not isinstance(given, str):
        return "single-value", {}
    if wanted == "list" and isinstance(given, str) and (sign := yaml_source.LIST_SIGN.match(given)):
        return "list-sign", {"sign": sign[1]}
    if wanted:
        return f"wrong-type-{wanted}", {"value": given if isinstance(given, str) else ""}
    if kind.startswith("date"):
        return "date", {"value": str(given)}
    return "invalid", {"value": str(given)[:80]}


def _is_echo(detail: Any) -> bool:
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def _format(given: str, pattern: str) -> tuple[str, dict[str, object]]:
    """Return the rule that says how a text of this pattern is written: a usual one, or one declared."""
    name = next((name for name, known in FORMATS.items() if known == pattern), None)
    if name is None:
        # An item's address may go on after the id that is declared; what is asked for is the id.
        shown = pattern.removesuffix(ITEM_TAIL).removeprefix("^(?:").removesuffix("$").removesuffix(")")
        return "format-declared", {"value": given, "pattern": shown}
    return f"format-{name}", {"value": given}


def _choice(given: str, expected: str) -> dict[str, object]:
    choices = [part.strip(" '") for part in expected.replace(" or ", ", ").split(",")]
    return {"value": given, "choices": ", ".join(choices), "suggestion": suggest(given, choices)}


def _fields_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """Return the names that a model knows at a place inside it."""
    return {info.alias or name for name, info in _model_at(model, loc).model_fields.items()}


def _is_required(model: type[BaseModel], loc: Loc) -> bool:
    """Tell whether a model cannot do without the field at a place inside it."""
    field = _model_at(model, loc[:-1]).model_fields.get(str(loc[-1]))
    return field is not None and field.is_required()


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel]:
    """Return the model that stands at a place inside another."""
    for segment in loc:
        if isinstance(segment, str) and segment in model.model_fields:
            model = next(_models_in(model.model_fields[segment].annotation), model)
    return model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
