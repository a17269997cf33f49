"""What an editor types is text: it never becomes markup, a program, or something that a template runs."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from servicebook.building.build import build_project
from servicebook.language import inline
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject

ATTACKS = [
    "{{ 7*7 }}",
    "{% raw %}",
    "{# nada #}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</title></article><script>alert(1)</script>",
    "</textarea></style>-->]]>",
    "![foto](javascript:x)"[1:5],
    "<https://example.org>",
    "`código` # título",
    "&lt;b&gt; &#60;i&#62; \\<u>",
    "xservicebookcontentx @/estandares/",
]


class Skeleton(HTMLParser):
    """The elements of a page with the names of their attributes, and its visible text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def build_with(project: Path, texts: list[str]) -> dict[str, str]:
    """Return the pages of a site with a standard for each text, which stands wherever a text can stand."""
    plain = (project / "playbook/standards/EXT-01.yml").read_text(encoding="utf-8")
    for i, text in enumerate(texts, start=10):
        written = plain.replace("EXT-01", f"EXT-{i}")
        value = json.dumps(f"Antes {text} después", ensure_ascii=False)
        for old, key in (
            ("title: Saludar al llegar", "title: "),
            ("statement: Saludas a quien llega.", "statement: "),
            ("  - Mira y saluda.", "  - "),
            ("text: Saludé a quien llegó.", "text: "),
        ):
            assert old in written
            written = written.replace(old, f"{key}{value}")
        (project / f"playbook/standards/EXT-{i}.yml").write_text(written, encoding="utf-8")
    build_project(project, Path("site"), "mkdocs", messages_in("es"), lambda step: None)
    site = project / "site"
    return {p.relative_to(site).as_posix(): p.read_text(encoding="utf-8") for p in site.rglob("*.html")}


def test_markup_adds_no_element_to_a_page_and_is_shown_as_typed(make_project: MakeProject) -> None:
    plain = build_with(make_project({}), ["cualquiera"] * len(ATTACKS))
    pages = build_with(make_project({}), ATTACKS)
    assert pages.keys() == plain.keys()
    for name, html in pages.items():
        skeleton, expected = Skeleton(html), Skeleton(plain[name])
        assert skeleton.elements == expected.elements, name
        assert skeleton.text.count("Antes") == expected.text.count("Antes"), name
    for i, attack in enumerate(ATTACKS, start=10):
        standard = Skeleton(pages[f"estandares/ext-{i}/index.html"])
        assert f"Antes {inline.plain(attack)} después" in standard.text


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "<javascript:alert(1)>",
        "\\javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/x",
        "../index.html",
        "#arriba",
        "ftp://example.org",
        "http:\\\\example.org",
        "https://",
        "mailto:",
    ],
)
def test_a_link_that_is_not_allowed_keeps_its_words_and_loses_its_address(target: str) -> None:
    html = inline.render_inline(f"Mira [esto]({target}) bien", lambda identity: None)
    assert "<a" not in html
    assert "esto" in html
    assert all(not inline.is_external(link) for link in inline.find_links(f"[esto]({target})"))


def test_what_inline_text_may_hold() -> None:
    text = (
        "*uno* **dos** [tres](https://example.org/?a=1&b=2) [cuatro](EXT-07) "
        "[cinco](mailto:a@example.org) <6> & \\*7\\* [EXT-08](EXT-08)"
    )
    assert inline.render_inline(text, lambda identity: f"@/{identity.lower()}/") == (
        "<em>uno</em> <strong>dos</strong> "
        '<a href="https://example.org/?a=1&amp;b=2">tres</a> <a href="@/ext-07/">cuatro</a> '
        '<a href="mailto:a@example.org">cinco</a> &lt;6&gt; &amp; *7* '
        '<a class="pb-whole" href="@/ext-08/">EXT-08</a>'
    )
    assert inline.plain(text) == "uno dos tres cuatro cinco <6> & *7* EXT-08"


@pytest.mark.parametrize(
    "text", ["*" * 5000, "[" * 5000, "[a](" * 2000, "**a*" * 2000, "_a_" * 3000, "\\" * 5000]
)
def test_inline_text_of_any_shape_ends(text: str) -> None:
    assert inline.render_inline(text, lambda identity: None)


# Whatever may stand beside whatever: what can be read in one way only must be read as the parser reads it.
PIECES = [*"*_[]() ¿«».,-€ñ1!'\"", "**", "***", "](", "\\", "&amp;", "\n", "\u00a0", "😀", "Ñandú"]
PIECES += ["[a](EXT-01)", "[b c](x-1)", "**n y**", "*n*", "EXT-01", "&", " & ", "&lt;", "&#", ";"]


@settings(max_examples=3000, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_the_short_way_through_a_plain_text_leads_where_the_parser_leads(text: str) -> None:
    line = text.replace("\n", " ")
    plain = inline._parse_plain(line)
    if plain is not None:
        assert said(plain) == said(inline._parse_any(line))


def test_a_plain_text_takes_the_short_way() -> None:
    assert inline._parse_plain("Di **siempre** tu *nombre*; mira [la voz](EXT-01).") is not None
    assert inline._parse_plain("Fila & **mostrador & caja** &") is not None
    assert inline._parse_plain("2 * 3 * 4") is None
    assert inline._parse_plain("Fila &amp; mostrador") is None


def said(tokens: tuple[Token, ...]) -> list[tuple[str, str]]:
    """Return what tokens say: their marks with where links lead, and the text between, in one piece."""
    out: list[tuple[str, str]] = []
    for token in tokens:
        if token.nesting:
            out.append((token.type, str(token.attrGet("href") or "")))
        elif out and out[-1][0] == "text":
            out[-1] = ("text", out[-1][1] + token.content)
        elif token.content:
            out.append(("text", token.content))
    return out
