"""What an editor types is text: it never becomes markup, a program, or something that a template runs."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.content.load import kinds_at
from servicebook.content.model.types import FORMATS
from servicebook.content.shapes import Shape
from servicebook.editing.form.form import content_files
from servicebook.language import inline
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, unprinted

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
    with unprinted():
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


# Signs that leave each place in which a text may stand: an attribute, a tag, a script, a style, a comment, a
# template, an address, data; then ways to write them so that a filter overlooks them.
_OPENINGS = [
    "",
    '"',
    "'",
    '">',
    "'>",
    "</title>",
    "</style>",
    "</script>",
    "-->",
    "]]>",
    "\\",
    "`",
    "{{",
    "${",
]
_PROGRAMS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    " onmouseover=alert(1) x=",
    "<a href=javascript:alert(1)>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "{% for x in (1,) %}{{ x }}{% endfor %}",
    "${alert(1)}",
]
PAYLOADS = [f"{opening}{program}" for opening in _OPENINGS for program in _PROGRAMS]


def spoil(project: Path, payloads: Iterator[str]) -> int:
    """Put a payload into every text of every file of a playbook that may say anything; return how many."""
    count = 0

    def put(value: object, shape: Shape) -> object:
        nonlocal count
        if isinstance(value, dict):
            inner = {field.name: field.shape for field in shape.fields}
            return {key: put(one, inner.get(key, shape.inner or shape)) for key, one in value.items()}
        if isinstance(value, list):
            return [put(one, shape.inner or shape) for one in value]
        bound = shape.vocabulary or shape.target or shape.choices or shape.max_length == 20
        if shape.form not in ("text", "line") or bound or shape.pattern not in ("", FORMATS["line"]):
            return value
        count += 1
        return f"{value} {next(payloads)}"

    for path, shape in content_files(project / "playbook", kinds_at(project / "playbook")):
        data = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        if path.name == "playbook.yml":
            # Where an edition's name is printed, so is its date; the name is a file's, and says no more.
            kept = {"address": data["address"], "language": data["language"], "edition": data["edition"]}
        else:
            kept = {}
        written = put(data, shape)
        if isinstance(written, dict):
            written.update(kept)
            if "formula" in written:
                written["formula"]["expression"] = data["formula"]["expression"]
        path.write_text(yaml.safe_dump(written, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return count


def test_no_text_of_any_file_is_a_program(make_project: MakeProject) -> None:
    """Settings, glossary, entries, an edition: the pages have the elements that they have anyway."""
    skeletons: list[dict[str, Skeleton]] = []
    assert len(PAYLOADS) >= 100
    # Paper is set once with a program in each text; the others are there for their pages.
    for payloads, printing in (
        (["cualquiera"], unprinted),
        (PAYLOADS, nullcontext),
        (PAYLOADS[::-1], unprinted),
    ):
        project = make_project({"playbook/editions/1.yml": "", "site/x": ""})
        shutil.rmtree(project)
        project = make_project({})
        texts = spoil(project, itertools.cycle(payloads))
        assert texts > 50
        assert run(["edition", "1", "--project", str(project)]) == 0
        edition = project / "playbook/editions/1.yml"
        edition.write_text(edition.read_text(encoding="utf-8").replace("Saludé", "Saludo"), encoding="utf-8")
        with printing():
            build_project(project, Path("site"), "mkdocs", messages_in("es"), lambda step: None)
        pages = {p.relative_to(project).as_posix(): p for p in (project / "site").rglob("*.html")}
        skeletons.append({name: Skeleton(path.read_text(encoding="utf-8")) for name, path in pages.items()})
    plain, *attacked = skeletons
    for others in attacked:
        assert others.keys() == plain.keys()
        for name, page in others.items():
            assert page.elements == plain[name].elements, name


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


@pytest.mark.slow
@settings(max_examples=3000, derandomize=True)
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


def test_the_title_of_a_page_that_nobody_wrote_is_shown_as_typed(make_project: MakeProject) -> None:
    """Those of kinds and of the weekly line-up are the playbook's own words, and written into Markdown."""
    project = make_project({})
    typed = "<img src=x onerror=alert(1)> *a* [b](c) &amp;"
    titles = {"week.title": f"W {typed}", "kind.standard": f"S {typed}"}
    settings = project / "playbook" / "playbook.yml"
    data = yaml.load(settings.read_bytes(), yaml.CSafeLoader) | {"words": titles}
    settings.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for page in (project / "docs").rglob("*.md"):
        if page.name != "index.md" or page.parent.name != "docs":
            page.unlink()
    page = project / "docs/index.md"
    head = {name: f'{name} "> {typed}' for name in ("title", "description", "author")}
    page.write_text(f"---\n{yaml.safe_dump(head)}---\n{page.read_text(encoding='utf-8')}", encoding="utf-8")
    configuration = project / "mkdocs.yml"
    text = configuration.read_text(encoding="utf-8").replace(
        "- servicebook\n", "- servicebook: {search: false, paper: false}\n"
    )
    configuration.write_text(text, encoding="utf-8")
    build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    written = (project / "site/index.html").read_text(encoding="utf-8")
    assert "<img src=x" not in written
    assert all(f"{name} &#34;&gt; &lt;img" in written for name in head)
    for path, title in (("path.week", "week.title"), ("path.standard", "kind.standard")):
        page_text = (project / "site" / messages_in("es")(path) / "index.html").read_text(encoding="utf-8")
        (shown,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page_text, flags=re.DOTALL)
        assert unescape(re.sub(r"</?(?:a|span)\b[^>]*>", "", shown)).strip() == titles[title]
        assert "<img src=x" not in page_text
