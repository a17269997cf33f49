"""Patterns for ids that a playbook may declare: so little of regular expressions that nothing can go wrong.

Every id is a file's name and a part of an address, so letters, digits and `-`, `_`, `.` are all that a
pattern can be made of; and every editor's browser tries it, so none may take long on any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

LONGEST = 120
# Repetitions that nothing parts: each more may take sixty times as long, as many as an id has letters.
_MOST_LOOSE = 5
_PARTING = ("-", "_", ".")
_TOKEN = re.compile(
    r"(?P<open>\((?:\?:)?)|(?P<close>\))|(?P<either>\|)"
    r"|(?P<repeat>[*+?]|\{[0-9]{1,2}(?:,(?:[0-9]{1,2})?)?\})"
    r"|(?P<one>\[(?:[A-Za-z0-9](?:-[A-Za-z0-9])?|[._])+-?\]|[A-Za-z0-9_-]|\\[.-])"
)


@dataclass
class _Group:
    """What stands between two parentheses: its signs in order, and whether its length is open."""

    signs: list[str] = field(default_factory=list)
    is_loose: bool = False
    has_choice: bool = False

    @property
    def may_run_away(self) -> bool:
        """Tell whether, repeated, it may match one text in many ways.

        It cannot if its length is fixed, or if it always begins with a sign that parts it from the next.
        """
        parted = self.signs[:1] in ([sign] for sign in _PARTING) and self.signs.count(self.signs[0]) == 1
        return self.has_choice or (self.is_loose and not parted)

    def take(self, inner: _Group) -> None:
        """Have what another group that stands in this one holds."""
        self.signs += inner.signs
        self.is_loose |= inner.is_loose
        self.has_choice |= inner.has_choice

    def loosen(self, inner: _Group | None) -> None:
        """Take note that the last sign, or the last group in this one, may be there often or not at all."""
        self.is_loose = True
        # What stands before it then may be anything: it parts nothing, and is still there to be found.
        self.signs.insert(len(self.signs) - (len(inner.signs) if inner else 1), "letters")


def fault_of(pattern: str) -> str | None:
    """Return the rule that a pattern breaks (`id-pattern`, `id-pattern-slow`), or None."""
    groups, place = [_Group()], 0
    closed: _Group | None = None
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None or (token["close"] and len(groups) == 1):
            return "id-pattern"
        place, before, closed = token.end(), closed, None
        if token["open"]:
            groups.append(_Group())
        elif token["close"]:
            closed = groups.pop()
            groups[-1].take(closed)
        elif token["either"]:
            groups[-1].has_choice = True
        elif token["one"]:
            groups[-1].signs += _signs_of(token["one"])
        elif _is_loose(token["repeat"]):
            if before and token["repeat"] != "?" and before.may_run_away:
                return "id-pattern-slow"
            groups[-1].loosen(before)
    if len(groups) > 1 or not _is_whole(pattern):
        return "id-pattern"
    return "id-pattern-slow" if _count_loose(pattern) > _MOST_LOOSE else None


def _count_loose(pattern: str) -> int:
    """Return how many repetitions of open length follow each other, at most, without a sign between them
    that none of them can take."""
    tokens = [*_TOKEN.finditer(pattern)]
    parting = {*_PARTING} - _signs_taken(tokens)
    most = count = all_ = 0
    groups: list[tuple[int, int, bool]] = []
    for token, after, times in _with_repeats(tokens):
        if token["open"]:
            groups.append((count, all_, False))
        elif token["either"] and groups:
            groups[-1] = (*groups[-1][:2], True)
        elif token["close"]:
            before, all_before, has_choice = groups.pop()
            inner = times * (all_ - all_before)
            # One way through a choice may part nothing.
            count = before + inner if after or has_choice or times > 1 else count
            all_ = all_before + inner
        elif token["either"] or (token["one"] or "").removeprefix("\\") in parting:
            count = 0
        if after:
            count, all_ = count + 1, all_ + 1
        most = max(most, count)
    return most


def _signs_taken(tokens: Sequence[re.Match[str]]) -> set[str]:
    """Return the signs of which there may be several, or none: in a class, or in what is repeated."""
    taken: set[str] = set()
    open_: list[set[str]] = []
    for token, after, _ in _with_repeats(tokens):
        if token["open"]:
            open_.append(set())
            continue
        inner = open_.pop() if token["close"] else {*_signs_of(token["one"])} if token["one"] else set()
        if after or (token["one"] or "").startswith("["):
            taken |= inner
        elif open_:
            open_[-1] |= inner
    return taken


def _with_repeats(tokens: Sequence[re.Match[str]]) -> Iterator[tuple[re.Match[str], bool, int]]:
    """Yield each token but the repetitions: whether it is repeated in open length, and else how often."""
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if not token["repeat"]:
            repeat = after["repeat"] or "" if after else ""
            is_loose = bool(repeat) and _is_loose(repeat)
            yield token, is_loose, int(repeat[1:-1]) if repeat and not is_loose else 1


def _is_whole(pattern: str) -> bool:
    try:
        return len(pattern) <= LONGEST and not re.compile(pattern).fullmatch("")
    except re.error:
        return False


def _is_loose(repeat: str) -> bool:
    """Tell whether a repetition may be of several lengths: `{2}` is not."""
    return not re.fullmatch(r"\{[0-9]+\}", repeat)


def _signs_of(one: str) -> list[str]:
    """Return what a sign or a class of signs may be, as far as it parts anything: letters are one."""
    if not one.startswith("["):
        return [one.removeprefix("\\")]
    parting = [sign for sign in "._" if sign in one] + (["-"] if one.endswith("-]") else [])
    return ["letters", *parting]
