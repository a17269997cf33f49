"""Finding the marked fields of an entry (references, words, inline text), wherever they are nested."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import BaseModel

from servicebook.content.model.types import Citation, Inline, Model, Part, Ref

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


def find_lists(value: Model) -> list[tuple[Loc, tuple[Any, ...]]]:
    """Return the place and the elements of every list of two names or more that a value holds.

    Names are words, ids, choices, lines, dates and citations; sentences and numbers may be said again, and
    of the items that a list takes its own check tells more.
    """
    found: list[tuple[Loc, tuple[Any, ...]]] = []
    plan = _lists_in(type(value))
    if plan:
        _collect_lists(value, plan, (), found)
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


def _collect_lists(value: Any, plan: _Plan, loc: Loc, found: list[tuple[Loc, tuple[Any, ...]]]) -> None:
    if plan.mark:
        if len(value) > 1:
            found.append((loc, value))
    elif inner := plan.items:
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            _collect_lists(item, inner, (*loc, key), found)
    for name, inner in plan.fields:
        if part := getattr(value, name):
            _collect_lists(part, inner, (*loc, name), found)


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


@cache
def _lists_in(annotation: Any) -> _Plan | None:
    """Return how a type leads to lists of names, which are marked."""
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _lists_in(args[0])
    if origin in (Union, types.UnionType):
        return next((plan for plan in map(_lists_in, args) if plan), None)
    if origin in (tuple, dict):
        if origin is tuple and _is_name(args[0]):
            return _Plan(mark=True)
        inner = _lists_in(args[0] if origin is tuple else args[1])
        return _Plan(items=inner) if inner else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        plans = {
            name: _lists_in(cast("Any", info.annotation)) for name, info in annotation.model_fields.items()
        }
        fields = tuple((name, plan) for name, plan in plans.items() if plan)
        return _Plan(fields=fields) if fields else None
    return None


def _is_name(annotation: Any) -> bool:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        odd = any(isinstance(mark, Inline) or mark == Ref("item") for mark in annotation.__metadata__)
        return not odd and _is_name(args[0])
    return origin is Literal or annotation in (str, dt.date, Citation)
