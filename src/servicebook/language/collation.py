"""The order in which readers look for a title.

The order of CLDR would take ICU, whose data weigh more than all of the engine, and the collators in pure
Python are not kept up. A language's alphabet says what differs: a letter of its own (ñ in Spanish) has its
place, any other accent has none.
"""

from __future__ import annotations

import unicodedata

# Behind digits and signs, before the letters of other scripts.
_FIRST_LETTER = 0x100
# Two letters written as one, which are looked for as the two where the alphabet has no such letter.
_JOINED = {"œ": "oe", "æ": "ae"}


def sort_key(title: str, alphabet: str) -> str:
    """Return what a title is sorted by: its letters in the alphabet's order, no case or accents."""
    composed = unicodedata.normalize("NFC", title.casefold())
    for sign, letters in _JOINED.items():
        if sign not in alphabet:
            composed = composed.replace(sign, letters)
    return "".join(_key_of(char, alphabet) for char in composed)


def _key_of(char: str, alphabet: str) -> str:
    if char not in alphabet:
        char = unicodedata.normalize("NFD", char)
    places = (alphabet.find(part) for part in char if part.isalnum() or part.isspace())
    kept = (part for part in char if part.isalnum() or part.isspace())
    return "".join(
        chr(_FIRST_LETTER + place) if place >= 0 else part for part, place in zip(kept, places, strict=True)
    )
