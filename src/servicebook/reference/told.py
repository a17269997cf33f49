"""What the reference says: topics, and what each of them names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Named:
    """One thing that somebody can write: its name, what may stand there (`form`), and what it is for.

    What is `quoted` is said by the code itself, in English.
    """

    name: str
    says: str
    form: str = ""
    required: bool = False
    quoted: bool = False


@dataclass(frozen=True)
class Topic:
    """A section of the reference. Its `words` are names that need no explanation each."""

    id: str
    title: str
    note: str = ""
    rows: tuple[Named, ...] = ()
    words: tuple[str, ...] = ()
