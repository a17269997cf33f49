"""Two texts compared: word by word for the eye, and folded for the rules."""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator

from servicebook.language.inline import folded

_WORD = re.compile(r"\S+|\s+")
# Marks that are punctuation between words and part of what is said beside a figure, each with the sign that
# says so however it is typed: a minus, a span from one number to another, a product, a decimal point.
_SIGNS = (
    (re.compile(r"(?<![^\W_])[-–‐‑−](?=[.,]?[$€£]?[.,]?\d)"), "−"),
    (re.compile(r"(?<=\d)\s*[-–‐‑−]\s*(?=\d)|(?<=\d)(?:—|…|\.{3})(?=\d)"), " ‒ "),
    (re.compile(r"(?<=\d)\s*\*\s*(?=\d)"), "×"),
    (re.compile(r"(?<![^\W_])(?<!\.)[.,](?=\d)"), "0."),
    # How far a sign stands from its figure says nothing.
    (re.compile(r"(?<=\d)\s+(?=[%‰°º′″])|(?<=[$€£<>≤≥±])\s+(?=\d)"), ""),
)
# Pairs that only an accent tells apart (es, pt): the accented ones. In other words an accent is spelling.
_ACCENTED = (
    "sí él tú mí té sé dé más aún sólo está estás esté estés qué cómo cuándo dónde quién quiénes cuál cuáles "
    "cuánto cuánta cuántos cuántas é à às dá só nós pôr pôde"
)
_YES_OR_NO = "no sí nunca jamás tampoco yes not never não sim jamais"
# Marks that turn what is said: what stays of a sentence when a pause parts it from its yes or no, a question
# that becomes a statement, and the accents above. Each becomes a sign that folding leaves.
_TURNS = (
    (
        re.compile(
            rf"(?<![^\W_])((?:{_YES_OR_NO.replace(' ', '|')})[*_]*)(?:[,;:!…—–]|\.(?!\s*\d))(?=.*\w)", re.I
        ),
        r"\1 ¦ ",
    ),
    (re.compile(r"\?+(?![\w=&/%])"), " ‽ "),
    (re.compile(rf"(?<![^\W_])({_ACCENTED.replace(' ', '|')})(?![^\W_])", re.I), r"\1´"),
)
_OPENS_QUOTE = re.compile(r"(?<!\w)['\"‘“](?=[\w¿¡])")
# Where nothing is quoted, a quotation mark after a figure is one of minutes and seconds, or feet and inches.
_PRIMES = ((re.compile(r"(?<=\d)['’]"), "′"), (re.compile(r"(?<=\d)[\"”]"), "″"))


def said_words(text: str) -> list[str]:
    """Return a text's words without what spelling and punctuation add, but with what says something else.

    What says something else are the signs of numbers, and the accents and marks that turn a sentence.
    """
    text = unicodedata.normalize("NFC", text)
    signs = _SIGNS if _OPENS_QUOTE.search(text) else (*_PRIMES, *_SIGNS)
    for pattern, sign in (*signs, *_TURNS):
        text = pattern.sub(sign, text)
    return folded(text).split()


def compare_words(old: str, new: str) -> list[tuple[str, str]]:
    """Return two texts as one sequence of pieces: `=` for what both have, `-` old only, `+` new only."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    pieces: list[tuple[str, str]] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(("=", "".join(before[i:j])))
            continue
        pieces.extend((mark, "".join(part)) for mark, part in (("-", before[i:j]), ("+", after[k:m])) if part)
    return _join_gaps(pieces)


def _join_gaps(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join changes that only a space separates: words replaced in a row read as one replacement."""
    joined: list[tuple[str, str]] = []
    old = new = ""
    for place, (mark, text) in enumerate(pieces):
        gap = mark == "=" and not text.strip() and (old or new) and place + 1 < len(pieces)
        if mark == "=" and not gap:
            joined.extend(_without_shared_marks(old, new))
            joined.append((mark, text))
            old = new = ""
            continue
        old += text if mark in "-=" else ""
        new += text if mark in "+=" else ""
    joined.extend(_without_shared_marks(old, new))
    return _merged(joined)


def _without_shared_marks(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield a replacement without the punctuation at its ends that both sides have (`uno.` → `dos.`)."""
    whole = re.compile(r"(?P<head>[^\w\s]*)(?P<body>.*?)(?P<tail>[^\w\s]*)", re.DOTALL)
    one, other = (match for text in (old, new) if (match := whole.fullmatch(text)))
    head = one["head"] if one["body"] and other["body"] and one["head"] == other["head"] else ""
    tail = one["tail"] if one["body"] and other["body"] and one["tail"] == other["tail"] else ""
    for mark, text in (("=", head), ("-", old), ("+", new), ("=", tail)):
        bare = text if mark == "=" else text[len(head) : len(text) - len(tail)]
        if bare:
            yield mark, bare


def _merged(pieces: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbours of the same kind."""
    groups = itertools.groupby(pieces, key=lambda piece: piece[0])
    return [(mark, "".join(text for _, text in group)) for mark, group in groups]


def one_letter_apart(old: str, new: str) -> bool:
    """Tell whether one letter was changed, left out, put in, or swapped with its neighbour."""
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    rest, other = old[start:], new[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:]
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
