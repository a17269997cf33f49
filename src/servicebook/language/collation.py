"""The order in which readers look for a title."""

from __future__ import annotations

import unicodedata


def sort_key(title: str) -> str:
    """Return what a title is sorted by: its letters without case or accents, as readers look for it."""
    decomposed = unicodedata.normalize("NFD", title.casefold())
    return "".join(char for char in decomposed if char.isalnum() or char.isspace())
