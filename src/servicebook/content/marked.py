"""Finding the marked fields of an entry (references, words, inline text), wherever they are nested."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel

from servicebook.content.model.types import Model, Part

Loc = tuple[str | int, ...]
M = TypeVar("M")


@dataclass(frozen=True)
class _Plan:
    """How a type leads to marked text: the mark itself, a list, a map, or a model's fields."""

    mark: Any = None
    items: _Plan | None = None
    fields: tuple[tuple[str, _Plan], ...] = ()


def find_marked(value: Model, marker: type[M]) -> list[tuple[Loc, str, M]]:
    """Return the place, the text and the mark of every text in `value` whose field carries a `marker`."""
    found: list[tuple[Loc, str, M]] = []
    plan = _plan_of(type(value), cast("Any", marker))
    if plan:
        _collect(value, plan, (), found)
    return found


def find_texts(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str]]:
    """Yield the place, as YAML names it, and the text of every text in a value, marked or not."""
    if isinstance(value, str):
        yield loc, value
    elif isinstance(value, BaseModel):
        for name, info in type(value).model_fields.items():
            yield from find_texts(getattr(value, name), (*loc, info.alias or name))
    elif isinstance(value, dict | tuple):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from find_texts(item, (*loc, key))


def _collect(value: Any, plan: _Plan, loc: Loc, found: list[tuple[Loc, str, Any]]) -> None:
    # Into one list, and without a call for each text: a large playbook has a hundred thousand of them.
    if inner := plan.items:
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        if inner.mark is not None:
            found.extend([((*loc, key), item, inner.mark) for key, item in pairs if item])
        else:
            for key, item in pairs:
                _collect(item, inner, (*loc, key), found)
    for name, inner in plan.fields:
        part = getattr(value, name)
        if not part:
            continue  # nothing is there, or nothing is in it
        if inner.mark is not None:
            found.append(((*loc, name), part, inner.mark))
        else:
            _collect(part, inner, (*loc, name), found)


@cache
def parts_of(model: type[Model]) -> Mapping[str, Part]:
    """Return what each field of a model is to whoever works by it, where its mark says so, in order."""
    found = {
        name: next((mark for mark in info.metadata if isinstance(mark, Part)), None)
        for name, info in model.model_fields.items()
    }
    return {name: part for name, part in found.items() if part}


@cache
def _plan_of(annotation: Any, marker: type) -> _Plan | None:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        mark = next((extra for extra in annotation.__metadata__ if isinstance(extra, marker)), None)
        return _Plan(mark=mark) if mark is not None else _plan_of(args[0], marker)
    if origin in (Union, types.UnionType):
        return next((plan for plan in (_plan_of(arg, marker) for arg in args) if plan), None)
    if origin in (tuple, dict):
        inner = _plan_of(args[0] if origin is tuple else args[1], marker)
        return _Plan(items=inner) if inner else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = []
        for name, info in annotation.model_fields.items():
            mark = next((extra for extra in info.metadata if isinstance(extra, marker)), None)
            plan = _Plan(mark=mark) if mark is not None else _plan_of(cast("Any", info.annotation), marker)
            if plan:
                fields.append((name, plan))
        return _Plan(fields=tuple(fields)) if fields else None
    return None
