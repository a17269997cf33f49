"""The form of an answer, told by its beginning in a time that grows with its length and nothing else.

A playbook may bring the rules of its language, and with them such patterns: none may keep a build busy for
ever, as Python's own `re` can be kept. Pydantic brings Rust's `regex`, which tries no text twice; it knows
no look-around and no references back.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

Form = Callable[[str], bool]

# How no answer begins.
NEVER = r"[^\s\S]"


@lru_cache(maxsize=32)
def begins(pattern: str) -> Form:
    """Return what tells whether a text begins as a pattern says, in small or capital letters.

    Raises ValueError, with the reason, for what is no pattern.
    """
    schema = core_schema.str_schema(pattern=f"^(?i:{pattern})", regex_engine="rust-regex")
    try:
        return SchemaValidator(schema).isinstance_python
    except SchemaError as error:
        raise ValueError(str(error).splitlines()[-1].strip().removeprefix("error: ")) from error
