"""The glossary's terms in running text: found in any of their forms, linked at their first mention.

`mark` works on one text at a time, so that its result can be kept; `link_first` then looks at a whole page,
where alone it is known which mention is the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from markupsafe import Markup

from servicebook.content.model.settings import Term

_OPEN, _MIDDLE, _CLOSE = "\x02", "\x03", "\x04"
_MARK = re.compile(f"{_OPEN}([^{_MIDDLE}]+){_MIDDLE}([^{_CLOSE}]+){_CLOSE}")
_TAG = re.compile(r"(<[^>]*>)")
# Readers and editors leave accents out; ñ is a letter of its own and stays.
_FOLD = str.maketrans("áéíóúüàèìòù", "aeiouuaeiou")


class Terms:
    """Finds the terms of one glossary."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._ids = {_fold(form): term.id for term in terms for form in (term.title, *term.also)}
        # The longest form first, so that «cliente interno difícil» is not taken for «cliente interno».
        forms = "|".join(re.escape(form) for form in sorted(self._ids, key=lambda form: (-len(form), form)))
        self._forms = re.compile(rf"(?<!\w)(?:{forms})(?!\w)") if forms else None

    def mark(self, html: str) -> Markup:
        """Return the HTML of a text with every mention of a term marked, except inside links."""
        folded = _fold(html)
        if self._forms is None or len(folded) != len(html) or not self._forms.search(folded):
            return Markup(html)  # noqa: S704 - it is HTML already
        out: list[str] = []
        in_link = False
        place = 0
        for piece in _TAG.split(html):
            if piece.startswith("<"):
                in_link = piece.startswith("<a ") or (in_link and piece != "</a>")
                out.append(piece)
            else:
                out.append(piece if in_link else self._mark_piece(piece, folded[place : place + len(piece)]))
            place += len(piece)
        return Markup("".join(out))  # noqa: S704 - it is HTML already

    def link_first(self, html: str, link: Callable[[str, str], str]) -> str:
        """Return a page's HTML with the first mention of each term given to `link`, the others plain.

        `link` gets the term's id and the words of the mention.
        """
        if _OPEN not in html:
            return html
        seen: set[str] = set()

        def replace(match: re.Match[str]) -> str:
            identity, text = match.groups()
            if identity in seen or identity not in self._ids.values():
                return text
            seen.add(identity)
            return link(identity, text)

        return _MARK.sub(replace, html)

    def _mark_piece(self, text: str, folded: str) -> str:
        assert self._forms is not None  # noqa: S101 - `mark` looked
        out: list[str] = []
        place = 0
        for match in self._forms.finditer(folded):
            start, end = match.span()
            identity = self._ids[match.group()]
            out.append(f"{text[place:start]}{_OPEN}{identity}{_MIDDLE}{text[start:end]}{_CLOSE}")
            place = end
        return "".join([*out, text[place:]])


def _fold(text: str) -> str:
    """Return a text in small letters without accents, letter for letter."""
    return text.lower().translate(_FOLD)
