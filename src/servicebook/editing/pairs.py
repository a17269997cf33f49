"""What of two values is the same, and which elements of two lists are each other's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from servicebook.content.shapes import Form, Shape
from servicebook.editing.difference import below, plain_text
from servicebook.language.inline import folded

_KEYS = ("id", "revision", "source", "range", "title")  # what tells the elements of a list of maps apart
_ALIKE = 0.6
# As the model reads a number, and not only as most people write it.
_NUMBER = re.compile(r"[-+]?(\d+(_\d+)*(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def is_nothing(value: Any) -> bool:
    return value is None or value == [] or value == {}


def is_same(before: Any, after: Any, shape: Shape) -> bool:
    """Compare as the model would read it: outer spaces and the way a number is written do not count.

    What is no number to the model is a text, whatever it looks like: `2026.2` and `2026.20` are two editions.
    """
    if isinstance(before, list) and isinstance(after, list):
        pairs = zip(before, after, strict=True)
        inner = below(shape, 0)
        return len(before) == len(after) and all(is_same(one, other, inner) for one, other in pairs)
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(
            is_same(before[key], after[key], below(shape, key)) for key in before
        )
    if is_nothing(before) or is_nothing(after):
        return is_nothing(before) and is_nothing(after)
    return bool(_scalar(before, shape.form) == _scalar(after, shape.form))


def _scalar(value: Any, form: Form) -> Any:
    text = str(value).strip()
    if form == "flag":
        return text.lower()
    # A number of many figures is compared figure by figure: to a computer it may be one with its neighbour.
    is_number = form in ("number", "integer") and _NUMBER.fullmatch(text) and len(text) < 16
    return float(text) if is_number else text


def match_lists(before: list[Any], after: list[Any], inner: Shape) -> dict[int, int]:
    """Pair the elements of two lists: the same ones, then by their key, then texts that are alike.

    `inner` is what an element may be. Returns the place in `before` of each element that was there, by its
    place in `after`.
    """
    old_left, pairs = list(range(len(before))), dict[int, int]()
    by_words = inner.form == "text" or _are_maps(before, after)
    ways: list[Callable[[Any, Any], bool]] = [partial(is_same, shape=inner), _same_key]
    for alike in [*ways, _similar] if by_words else ways:
        for j, item in enumerate(after):
            found = None if j in pairs else next((i for i in old_left if alike(before[i], item)), None)
            if found is not None:
                pairs[j] = found
                old_left.remove(found)
    return pairs


def _are_maps(before: list[Any], after: list[Any]) -> bool:
    return all(isinstance(value, dict) for value in (*before, *after))


def _same_key(before: Any, after: Any) -> bool:
    if not (isinstance(before, dict) and isinstance(after, dict)):
        return False
    key = next((key for key in _KEYS if key in before and key in after), None)
    return key is not None and before[key] == after[key]


def _similar(before: Any, after: Any) -> bool:
    # An id tells for sure: elements that have one are never paired by their words.
    if isinstance(before, dict) and "id" in before:
        return False
    one, other = folded(plain_text(before)), folded(plain_text(after))
    return difflib.SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE
