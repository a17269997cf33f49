"""Which tests are heavy, told from their code: `python scripts/test.py --quick` leaves them out.

A test is heavy when it, a fixture that it asks for, or a function of the tests that either calls makes a
site, prints, serves, drives a browser or starts a program. So a new test needs no mark, unless it is slow
for another reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType

import pytest

# What makes or starts something, by name. git alone starts in milliseconds.
_NAMES = frozenset(
    {
        "FileFuzzer",
        "Fuzzer",
        "PROGRAMS",
        "Preview",
        "Process",
        "SiteBuilder",
        "build_project",
        "find_node",
        "made_once",
        "render_pdf",
        "serve_project",
        "subprocess",
        "sync_playwright",
        "write_files",
    }
)
_COMMANDS = frozenset({"admin", "build", "export", "serve"})


def is_heavy(item: pytest.Item) -> bool:
    """Tell whether a test makes a site, prints, serves, drives a browser or starts a program."""
    if not isinstance(item, pytest.Function):
        return False
    fixtures = (made.func for found in item._fixtureinfo.name2fixturedefs.values() for made in found)
    return any(leads_to_weight(one) for one in (item.function, *fixtures))


@cache
def leads_to_weight(function: object) -> bool:
    """Tell whether a function, or what of the tests' own it knows, does something heavy."""
    seen: set[FunctionType] = set()
    rest = [function]
    while rest:
        one = rest.pop()
        if isinstance(one, type) and one.__module__.startswith("tests."):
            rest += vars(one).values()
        if not isinstance(one, FunctionType) or one in seen or not one.__module__.startswith("tests."):
            continue
        seen.add(one)
        for code in _codes(one.__code__):
            if _is_heavy(code):
                return True
            known = [one.__globals__.get(name) for name in code.co_names]
            modules = [other for other in known if isinstance(other, ModuleType)]
            rest += [*known, *(vars(other).get(name) for other in modules for name in code.co_names)]
    return False


def _is_heavy(code: CodeType) -> bool:
    told = set(code.co_names) & _NAMES
    words = {word for word in _words(code.co_consts) if isinstance(word, str)}
    return bool(told - ({"subprocess"} if "git" in words else set())) or bool(_COMMANDS & words)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code and that of the functions within it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)


def _words(constants: tuple[object, ...]) -> Iterator[object]:
    for one in constants:
        if isinstance(one, tuple):
            yield from _words(one)
        else:
            yield one
