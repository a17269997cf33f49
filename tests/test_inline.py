"""Inline text: what its marks become, which links lead somewhere, and what spelling alone adds."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from servicebook.language.inline import (
    _parse_any,
    _parse_plain,
    find_html,
    find_links,
    folded,
    has_blocks,
    is_entry_id,
    is_external,
    plain,
    render_inline,
    split_at_ids,
)


def known(id: str) -> str | None:
    return {"EXT-01": "../ext-01/", "vip": "../vip/"}.get(id)


@pytest.mark.parametrize(
    ("text", "html", "words"),
    [
        ("Sin marcas", "Sin marcas", "Sin marcas"),
        ("Ana & <b>", "Ana &amp; &lt;b&gt;", "Ana & <b>"),
        ("*uno* y **dos**", "<em>uno</em> y <strong>dos</strong>", "uno y dos"),
        ("(*uno*), ¿**dos**?", "(<em>uno</em>), ¿<strong>dos</strong>?", "(uno), ¿dos?"),
        ("***tres***", "<em><strong>tres</strong></em>", "tres"),
        ("2 * 3 * 4", "2 * 3 * 4", "2 * 3 * 4"),
        ("a*b*c", "a<em>b</em>c", "abc"),
        ("_uno_", "<em>uno</em>", "uno"),
        (r"\*no\*", "*no*", "*no*"),
        ("&aacute; &x; & b", "á &amp;x; &amp; b", "á &x; & b"),
        ("*una\nlínea*", "<em>una línea</em>", "una línea"),
        ("una\nlínea", "una\nlínea", "una\nlínea"),
        ("[guía](vip)", '<a href="../vip/">guía</a>', "guía"),
        ("[EXT-01](EXT-01)", '<a class="pb-whole" href="../ext-01/">EXT-01</a>', "EXT-01"),
        ("[Saludar](EXT-01)", '<a href="../ext-01/">Saludar</a>', "Saludar"),
        ("[vip](vip)", '<a href="../vip/">vip</a>', "vip"),
        ("[otra](nada)", "otra", "otra"),
        ("[otra](nada) y [guía](vip)", 'otra y <a href="../vip/">guía</a>', "otra y guía"),
        ("[s](https://a.mx/?a=1&b=2)", '<a href="https://a.mx/?a=1&amp;b=2">s</a>', "s"),
        ("[c](mailto:a@b.mx)", '<a href="mailto:a@b.mx">c</a>', "c"),
        ("[x](javascript:alert(1))", "x", "x"),
        ("[*uno*](vip)", '<a href="../vip/"><em>uno</em></a>', "uno"),
        ("[sin cerrar](vip", "[sin cerrar](vip", "[sin cerrar](vip"),
        ("[a] (vip)", "[a] (vip)", "[a] (vip)"),
    ],
)
def test_marks_and_links(text: str, html: str, words: str) -> None:
    assert render_inline(text, known) == html
    assert plain(text) == words


def test_quick_reading_is_the_parser_s_own() -> None:
    """What is read without the parser has the tokens that the parser gives."""
    dice = random.Random(20261125)  # noqa: S311 - nothing secret
    pieces = [
        "*",
        "**",
        "_",
        "[",
        "](vip)",
        "](EXT-01)",
        "\\",
        "&",
        "&amp;",
        " ",
        ".",
        "¿",
        "a",
        "palabra",
        "1",
        "(",
        ")",
    ]
    quick = 0
    for _ in range(4000):
        line = "".join(dice.choices(pieces, k=dice.randint(1, 9)))
        tokens = _parse_plain(line)
        if tokens is None:
            continue
        quick += 1

        def told(tokens: object) -> list[tuple[object, ...]]:
            merged: list[tuple[object, ...]] = []
            for one in tokens:  # type: ignore[attr-defined]
                row = (one.type, one.tag, one.nesting, one.content, one.attrs.get("href"))
                if merged and row[0] == merged[-1][0] == "text":
                    row = (*row[:3], f"{merged.pop()[3]}{row[3]}", None)
                if row[0] != "text" or row[3]:
                    merged.append(row)
            return merged

        assert told(tokens) == told(_parse_any(line)), line
    assert quick > 400
    for line in ("*uno* y **dos**.", "(*uno*)", "[una guía](vip)", "¿**Sí**?", "Ana & Beto", "**a & b**"):
        assert _parse_plain(line) is not None, line


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("nada", []),
        ("[a](vip) y [b](https://a.mx)", ["vip", "https://a.mx"]),
        (r"\[a](vip)", []),
        (r"[a](vip) \[b]", ["vip"]),
        ("[a [b](vip)", ["vip"]),
        ('[a](vip "título")', ["vip"]),
        ("[a](<vip>)", ["vip"]),
        ("[a] [b](vip)", ["vip"]),
        ("[a](<b c>)", ["b%20c"]),
    ],
)
def test_every_link_is_found(text: str, links: list[str]) -> None:
    assert find_links(text) == links


@pytest.mark.parametrize(
    ("test", "good", "bad"),
    [
        (
            is_external,
            ["http://a", "HTTPS://a.mx/x", "mailto:a@b"],
            ["https://", "https://a b", "ftp://a", "xhttp://a", "vip"],
        ),
        (is_entry_id, ["vip", "EXT-01", "4x"], ["-a", "a b", "a.b", "", "a/b", "á"]),
    ],
)
def test_what_a_target_is(test: Callable[[str], bool], good: list[str], bad: list[str]) -> None:
    assert all(map(test, good))
    assert not any(map(test, bad))


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("a <b>c</b>", "<b>"),
        ("fin</p>", "</p>"),
        ("1 < 2 > 1", None),
        ("<3", None),
        ("<a\nhref=''>", "<a\nhref=''>"),
        ("", None),
    ],
)
def test_html_is_told(text: str, tag: str | None) -> None:
    assert find_html(text) == tag


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("uno\n\ndos", True),
        ("uno\n \t\ndos", True),
        ("uno\n- dos", True),
        ("uno\n• dos", True),  # as a word processor writes a list
        ("uno\n– dos", True),
        ("uno\n 12) dos", True),
        ("uno\ndos", False),
        ("uno\n-dos", False),
        ("uno\n2026. dos", False),
        ("- uno", False),
        ("uno", False),
    ],
)
def test_paragraphs_and_lists_are_told(text: str, several: bool) -> None:
    assert has_blocks(text) is several


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("¿Saludé, al llegar?", "salude al LLEGAR.", True),
        ("**Saludé**", "Saludé", True),
        ("pingüino, crêpe, à", "pinguino crepe a", True),
        ("año", "ano", False),
        ("niño", "nin\u0303o", True),
        ("1.5 litros", "15 litros", False),
        ("1.5 litros", "1,5 litros", False),
        ("a las 8.", "a las 8", True),
        ("8:30", "830", False),
        ("fin.Luego", "fin luego", True),
        ("(uno)  dos", "uno dos", True),
        ("bien-estar", "bien estar", True),
        ("uno dos", "unodos", False),
        ("ç", "c", False),
    ],
)
def test_spelling_and_punctuation_alone_fold_away(one: str, other: str, same: bool) -> None:
    assert (folded(one) == folded(other)) is same


def test_a_line_does_not_end_at_the_hyphen_of_an_id() -> None:
    pieces = ["Saludó (", "EXT-01", " y ", "HABIT-104", "), sin T-1 ni X-RAY."]
    assert split_at_ids("".join(pieces)) == pieces
