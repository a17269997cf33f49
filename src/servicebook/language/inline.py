"""Inline text: emphasis, strong and links, and nothing else. Everything else is shown as it was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_MARKDOWN = MarkdownIt("zero", {"html": False}).enable(["emphasis", "link", "escape", "entity"])
# Refused links must reach us too, to be reported and rendered inert, so the parser lets all through.
_MARKDOWN.validateLink = lambda url: True  # type: ignore[method-assign]
_SPECIAL = re.compile(r"[*_\[\\&]")
# A link of which nobody could think otherwise: no bracket, escape, entity, title or space in it.
_PLAIN_LINK = re.compile(r"\[[^\[\]]*\]\(([^\s()<>&\\]+)\)")
# A piece of text that can be read in one way only: one without marks, emphasis that stands between spaces or
# signs and begins and ends with a letter, a link to an id. An ampersand before no name begins no entity.
_LONE = r"&(?![A-Za-z#])"
_UNMARKED = r"[^*_\[\]\\&]"
_INNER = rf"[^\W_](?:{_UNMARKED}*(?:{_LONE}{_UNMARKED}*)*[^\W_])?"
_BEFORE, _AFTER = r"(?:^|(?<=[\s(¿¡«\"]))", r"(?=$|[\s.,;:?!)»\"])"
_PLAIN_PIECE = re.compile(
    rf"(?:{_UNMARKED}|{_LONE})+"
    rf"|{_BEFORE}\*\*(?P<strong>{_INNER})\*\*{_AFTER}"
    rf"|{_BEFORE}\*(?P<em>{_INNER})\*{_AFTER}"
    rf"|\[(?P<words>{_INNER})\]\((?P<target>[A-Za-z0-9-]+)\)"
)
_ALLOWED_URL = re.compile(r"(?:https?://|mailto:)[^\s]+$", re.IGNORECASE)
_CODE = re.compile(r"(\b[A-Z]{2,6}-\d{1,3}\b)")
_ENTRY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*$")
# Marks whose coming and going changes no meaning. Between digits a point or a comma is part of a number.
_POINT = re.compile(r"(?<!\d)[.,:](?=\d)|(?<=\d)[.,:](?!\d)|(?<!\d)[.,:](?!\d)")
_POINTS, _MARKS = ".,:", ";¿?¡!«»“”\"'‘’()[]—–…*_-"
# A blank line, or a line that begins as one of a list does.
_BLOCK = re.compile(r"\n[ \t]*(?:\n|(?:[-*+•–]|\d{1,3}[.)])[ \t])")
_HTML_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")

Resolve = Callable[[str], str | None]


def render_inline(text: str, resolve: Resolve) -> Markup:
    """Return `text` as HTML. `resolve` gives the address of an entry id, or None.

    A link that is neither http(s), mailto nor a known id keeps its words and loses its address.
    """
    if not _SPECIAL.search(text):
        return escape(text)
    out: list[str] = []
    closing: list[str] = []
    tokens = _parse(text)
    for place, token in enumerate(tokens):
        if token.type == "link_open":
            target = str(token.attrs["href"])
            href = _address(target, resolve)
            # A standard's id is one word: a line must not end at its hyphen.
            is_id = target.isupper() and tokens[place + 1].content == target
            whole = ' class="pb-whole"' if is_id else ""
            out.append(f'<a{whole} href="{escape(href)}">' if href else "")
            closing.append("</a>" if href else "")
        elif token.type == "link_close":
            out.append(closing.pop())
        elif token.nesting:
            out.append(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")
        else:
            out.append(str(escape(token.content)))
    return Markup("".join(out))  # noqa: S704 - every piece above is escaped


def split_at_ids(text: str) -> list[str]:
    """Return the pieces of a text: every second one is a standard's id, whose hyphen ends no line."""
    return _CODE.split(text)


def plain(text: str) -> str:
    """Return `text` without its marks: what search, paper and tables show."""
    if not _SPECIAL.search(text):
        return text
    return "".join(token.content for token in _parse(text) if not token.nesting)


def plain_all(texts: Iterable[str]) -> list[str]:
    """Return texts as they are read without any markup."""
    return [plain(text) for text in texts]


def find_links(text: str) -> list[str]:
    """Return the target of each link in `text`."""
    if "[" not in text:
        return []
    links: list[str] = _PLAIN_LINK.findall(text)
    if text.count("[") == text.count("]") == len(links) and "\\" not in text:
        return links  # every bracket is a plain link's, so there is nothing to parse
    return [str(token.attrs["href"]) for token in _parse(text) if token.type == "link_open"]


def is_external(target: str) -> bool:
    """Tell whether a link's target is an address that we let out: http, https or mailto."""
    return bool(_ALLOWED_URL.match(target))


def is_entry_id(target: str) -> bool:
    """Tell whether a link's target has the form of an entry's id."""
    return bool(_ENTRY_ID.match(target))


def find_html(text: str) -> str | None:
    """Return the first HTML tag in `text`; it will be shown as it stands, which is hardly ever meant."""
    match = _HTML_TAG.search(text) if "<" in text else None
    return match.group() if match else None


def has_blocks(text: str) -> bool:
    """Tell whether a text was written as paragraphs or a list; it will be shown as one paragraph."""
    return "\n" in text and bool(_BLOCK.search(text))


def _address(target: str, resolve: Resolve) -> str | None:
    if is_external(target):
        return target
    return resolve(target)


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[Token, ...]:
    line = text.replace("\n", " ")
    tokens = _parse_plain(line)
    return _parse_any(line) if tokens is None else tokens


def _parse_any(line: str) -> tuple[Token, ...]:
    return tuple(_MARKDOWN.parseInline(line)[0].children or ())


def _parse_plain(line: str) -> tuple[Token, ...] | None:
    """Return the tokens of a line whose marks nobody could take for anything else; None for any other line.

    The parser goes letter by letter, which takes longer than all else that is done with most texts.
    """
    tokens: list[Token] = []
    place = 0
    while place < len(line):
        match = _PLAIN_PIECE.match(line, place)
        if match is None:
            return None
        place = match.end()
        if target := match["target"]:
            tokens += _around("link", "a", match["words"], {"href": target})
        elif words := match["strong"]:
            tokens += _around("strong", "strong", words, {})
        elif words := match["em"]:
            tokens += _around("em", "em", words, {})
        else:
            tokens.append(Token("text", "", 0, content=match.group()))
    return tuple(tokens)


def _around(name: str, tag: str, words: str, attributes: dict[str, str | int | float]) -> list[Token]:
    return [
        Token(f"{name}_open", tag, 1, attrs=attributes),
        Token("text", "", 0, content=words),
        Token(f"{name}_close", tag, -1),
    ]


_ACCENTS = "\u0301\u0308\u0300\u0302"
_SPELLING: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _MARKS), " "),
    **dict.fromkeys(map(ord, _ACCENTS)),
}
_WITH_POINTS = {**_SPELLING, **dict.fromkeys(map(ord, _POINTS), " ")}
_DIGIT = re.compile(r"\d")


def folded(text: str) -> str:
    """Return a text without what spelling and punctuation add: case, accents (not ñ), marks, spaces."""
    words, left_out = plain(text), _WITH_POINTS
    if _DIGIT.search(words):  # only then is there more to ask of a point than whether it is one
        words, left_out = _POINT.sub(" ", words), _SPELLING
    decomposed = unicodedata.normalize("NFD", words.casefold())
    return " ".join(unicodedata.normalize("NFC", decomposed.translate(left_out)).split())
