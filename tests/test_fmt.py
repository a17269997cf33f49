"""The canonical form of the content files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from servicebook.base import yaml_source
from servicebook.base.problems import Problem
from servicebook.cli.main import run
from servicebook.content.load import kinds_at
from servicebook.content.shapes import shape_of
from servicebook.editing.form.form import content_files, format_text
from servicebook.editing.form.writer import dump
from tests.conftest import ROOT, MakeProject

FILES = sorted(content_files(ROOT / "playbook", kinds_at(ROOT)), key=lambda pair: pair[0])
STANDARD = shape_of("standard")
# Everything that YAML can hold as text, and above all what it reads as something else.
ODD = [
    "",
    "~",
    "null",
    "no",
    "on",
    "22:30",
    "012",
    "1e3",
    "0x1F",
    "- a",
    "a: b",
    "a #b",
    "#a",
    "[",
    "{",
    "*a",
]
ODD += [
    "&a",
    "!a",
    "|",
    ">",
    "%a",
    "@a",
    "`a`",
    "'a'",
    '"a"',
    "a\\b",
    " a",
    "a ",
    "a  b",
    "\ta",
    "a\n",
    "\na",
]
ODD += [
    "a\n\nb",
    "a\n b",
    "2026-11-22",
    "?",
    "? a",
    "---",
    "...",
    "---\na",
    "a:",
    "é",
    "«no»",
]
# Control characters are refused when a file is read, so nobody has any to write.
CHARACTERS = st.characters(
    codec="utf-8",
    exclude_categories=["Cc", "Zl", "Zp"],
    include_characters="\n\t",
    exclude_characters="\ufeff\ufffe\uffff",
)
TEXT = st.one_of(
    st.sampled_from(ODD),
    st.text(CHARACTERS, max_size=40),
    st.lists(st.sampled_from(["palabra", "a:", "#", "-", "", "\n", "«sí»", "x" * 30]), max_size=40).map(
        " ".join
    ),
)
KEYS = st.one_of(
    st.sampled_from(["id", "title", "do", "items", "no", "a b"]), st.text("abcñ:#- ", min_size=1)
)
DATA = st.recursive(
    st.none() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
MAPS = st.dictionaries(KEYS, DATA, min_size=1, max_size=6)


def read(text: str) -> Any:
    problems: list[Problem] = []
    data = yaml_source.to_data(yaml_source.compose(text, "x"), "x", problems)
    if problems:
        raise yaml_source.SourceError(problems[0])
    return data


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"nota-\d+", text))


def brought_to_rest(text: str, name: str, shape: Any) -> str | None:
    """Return a text in its form, which says the same and stays so; None where the text is no YAML."""
    try:
        before = read(text)
    except yaml_source.SourceError:
        return None  # a line fell into a text that it broke
    written = format_text(text, name, shape)
    assert read(written) == before
    assert format_text(written, name, shape) == written
    return written


@pytest.mark.slow
@given(data=MAPS)
@settings(max_examples=300)
def test_written_data_read_the_same_and_are_canonical(data: dict[str, Any]) -> None:
    text = "\n".join([*dump(data, STANDARD), ""])
    try:
        assert read(text) == data
    except yaml_source.SourceError:
        return  # control characters, which no content file may hold
    assert format_text(text, "x", STANDARD) == text


@pytest.mark.slow
@given(
    data=MAPS,
    flow=st.sampled_from([None, True, False]),
    style=st.sampled_from([None, '"', "'", "|", ">"]),
    width=st.sampled_from([20, 80, 1000]),
)
@settings(max_examples=300)
def test_any_way_of_writing_gives_one_form(
    data: dict[str, Any], flow: bool | None, style: str | None, width: int
) -> None:
    text = yaml.safe_dump(
        data, default_flow_style=flow, default_style=style, width=width, allow_unicode=True, sort_keys=False
    )
    try:
        before = read(text)
    except yaml_source.SourceError:
        return  # tags and control characters, which content files do not have
    written = format_text(text, "x", STANDARD)
    assert read(written) == before
    assert format_text(written, "x", STANDARD) == written
    assert "\n".join([*dump(before, STANDARD), ""]) == written


@pytest.mark.slow
@given(file=st.sampled_from(FILES), draw=st.data())
@settings(max_examples=150)
def test_comments_and_blank_lines_anywhere_stay_and_change_nothing(file: tuple[Path, Any], draw: Any) -> None:
    path, shape = file
    lines = path.read_text(encoding="utf-8").split("\n")
    places = draw.draw(st.lists(st.integers(0, len(lines) - 1), max_size=6, unique=True), label="places")
    for number, place in enumerate(sorted(places, reverse=True)):
        added = draw.draw(
            st.sampled_from(["", f"# nota-{number}", f"  # nota-{number}", f"    # nota-{number}"])
        )
        lines.insert(place, added)
    text = "\n".join(lines)
    written = brought_to_rest(text, path.name, shape)
    if written is None:
        return
    assert comments(written) == comments(text)


@pytest.mark.slow
@given(
    file=st.sampled_from(FILES),
    flow=st.sampled_from([None, True]),
    width=st.sampled_from([20, 80]),
    added=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 12), st.booleans()), min_size=1, max_size=6),
)
@settings(max_examples=150)
def test_comments_in_brackets_that_another_program_wrote_come_to_rest(
    file: tuple[Path, Any], flow: bool | None, width: int, added: list[tuple[int, int, bool]]
) -> None:
    path, shape = file
    data = read(path.read_text(encoding="utf-8"))
    lines = yaml.safe_dump(
        data, default_flow_style=flow, width=width, allow_unicode=True, sort_keys=False
    ).split("\n")
    for number, (place, indent, alone) in enumerate(added):
        place %= len(lines) - 1
        if alone:
            lines.insert(place, f"{' ' * indent}# nota-{number}")
        else:
            lines[place] += f"  # nota-{number}"
    text = "\n".join(lines)
    written = brought_to_rest(text, path.name, shape)
    if written is None:
        return
    assert written.count("nota-") == text.count("nota-")


@pytest.mark.parametrize("sign", ["---", "...", "--- a", "... a"])
def test_a_name_that_looks_like_the_end_of_a_document_stays_a_name(sign: str) -> None:
    written = "\n".join([*dump({sign: [sign, {sign: sign}]}, None), ""])
    assert read(written) == {sign: [sign, {sign: sign}]}
    assert format_text(written, "x", None) == written
    assert format_text(f"'{sign}'", "x", None) == f'"{sign}"\n'


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("do:\n  - # nota\n    - a\n", "do:\n  - # nota\n    - a\n"),
        ("do:\n  -\n    # nota\n    a: b\n", "do:\n  -\n    # nota\n    a: b\n"),
        ("do:\n  - a\n  - # - nota\n    # - otra\n    b\n", "do:\n  - a\n  - b # - nota\n  # - otra\n"),
    ],
)
def test_a_remark_at_a_dash_is_the_element_s(text: str, written: str) -> None:
    assert format_text(text, "x", None) == written
    assert format_text(written, "x", None) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # Of two remarks on what is one line now the second stands below.
        ("title: # uno\n  Valor # dos\nid: a\n", "title: Valor # uno\n# dos\nid: a\n"),
        # What stands beside all that there is stands above it.
        ("{} # nota\n", "# nota\n{}\n"),
        ("texto # nota\n", "# nota\ntexto\n"),
        ("# uno\n\n[] # dos\n# tres\n", "# uno\n\n# dos\n[]\n# tres\n"),
        ("--- # cabeza\ntitle: A\n", "# cabeza\ntitle: A\n"),
        # At the end an indented one belongs to what it stands below.
        ("do:\n  - a\n  # uno\n# dos\n", "do:\n  - a\n  # uno\n# dos\n"),
        ("a:\n  b: c\n    # uno\n  # dos\n# tres\nd: e\n", "a:\n  b: c\n  # uno\n  # dos\n# tres\nd: e\n"),
        ("title: A\n\n\n# fin\n\n", "title: A\n\n# fin\n"),
        ("title: |\n  A\n\n\n# fin\n", 'title: "A\\n"\n\n# fin\n'),
    ],
)
def test_a_comment_stands_by_what_it_stood_by(text: str, written: str) -> None:
    assert format_text(text, "x", None) == written
    assert format_text(written, "x", None) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # A number sign in a text, a key or a block is none that begins a comment.
        ('"a #b":\n  - x\n', '"a #b":\n  - x\n'),
        ('title: "uno # dos\n  tres"\n', 'title: "uno # dos tres"\n'),
        ('title: "uno\n  # dos\n  tres"\n', 'title: "uno # dos tres"\n'),
        ("title: |\n  # uno\n  dos\n", 'title: "# uno\\ndos\\n"\n'),
        ("title: |\n  # uno", 'title: "# uno"\n'),
        # One that stands behind a text is, however long the lines above it are.
        ('title: "uno\n  dos" # nota\n', "title: uno dos # nota\n"),
        ("title: Un título muy largo\nid: a # nota\n", "title: Un título muy largo\nid: a # nota\n"),
        # What would be read as a list or a map is a text.
        ("title: '[a]'\nid: '{a: b}'\n", 'id: "{a: b}"\ntitle: "[a]"\n'),
        ("roles: [ventas, ~, 'null']\n", 'roles: [ventas, null, "null"]\n'),
    ],
)
def test_a_sign_in_a_text_is_the_text_s(text: str, written: str) -> None:
    order = STANDARD if "roles" in text or "{" in text else None
    assert format_text(text, "x", order) == written
    assert format_text(written, "x", order) == written


@pytest.mark.parametrize("indent", range(7))
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("threshold:\n", "  at: most\n  value: 8\ndo: [a]\n"),
        ("do:\n", "  - a\n  - b\ndont: [a]\n"),
        ("do:\n", "- a\n- b\ndont: [a]\n"),
        ("items:\n  -\n", "    id: a\n    text: b\n  - id: c\n    text: d\n"),
        ("verification:\n", "     how: a\n     question: b\n"),
    ],
)
def test_a_comment_above_the_first_of_a_block_stays_there(before: str, after: str, indent: int) -> None:
    first = after.split("\n")[0].strip()
    written = format_text(f"{before}{' ' * indent}# nota\n{after}", "x", STANDARD)
    lines = [line.strip() for line in written.split("\n")]
    assert lines[lines.index("# nota") + 1] == first
    assert format_text(written, "x", STANDARD) == written


def test_a_comment_that_goes_elsewhere_leaves_a_list_on_its_line() -> None:
    """A comment further right than what it stands before belongs to what it follows, and to nothing else."""
    text = "{id: EXT-07, do: [Mira.], roles: [ventas,\n    # nota\nmostrador], level: essential}\n"
    written = format_text(text, "x", STANDARD)
    assert "\nroles: [ventas, mostrador]\n" in written
    assert written.count("# nota") == 1


@pytest.mark.parametrize("file", FILES, ids=lambda pair: f"{pair[0].parent.name}/{pair[0].name}")
def test_reference_file_is_canonical(file: tuple[Path, Any]) -> None:
    path, shape = file
    text = path.read_text(encoding="utf-8")
    assert format_text(text, path.name, shape) == text, "run: servicebook fmt"


def test_form_is_the_one_that_people_read_best() -> None:
    text = """
# yaml-language-server: $schema=../../schemas/standard.json


title:    'Decir: lo que sí'
id: "EXT-07"   # el de siempre
do: [Mira., "Saluda, por favor."]
# quiénes
roles:
- mostrador
- ventas   # también en sábado
level: 'essential'
intent: "Una razón tan larga que no cabe en una línea y que por eso se escribe doblada, palabra por palabra."
threshold: {value: 3, at: most, unit: '3'}
channels:
    - presencial
    # - telefono
statement: |-
  Una línea.

  Otra.
"""
    assert (
        format_text(text, "x", STANDARD)
        == """\
# yaml-language-server: $schema=../../schemas/standard.json

id: EXT-07 # el de siempre
title: "Decir: lo que sí"
statement: >-
  Una línea.


  Otra.
intent: >-
  Una razón tan larga que no cabe en una línea y que por eso se escribe doblada, palabra por
  palabra.
channels:
  - presencial
  # - telefono
# quiénes
roles:
  - mostrador
  - ventas # también en sábado
level: essential
threshold:
  at: most
  value: 3
  unit: "3"
do:
  - Mira.
  - Saluda, por favor.
"""
    )


def test_command_formats_and_then_has_nothing_to_do(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    assert run(["fmt", "--check", str(project)]) == 1
    assert "playbook/standards/EXT-01.yml:3:1: error[not-formatted]" in capsys.readouterr().out
    assert run(["fmt", str(project)]) == 0
    assert run(["fmt", "--check", str(project)]) == 0
    assert run(["check", str(project)]) == 0


def test_file_that_cannot_be_read_is_told_and_left_alone(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = 'id: vip\ntitle: "Cliente\n'
    project = make_project(
        {"playbook/customers/vip.yml": broken, "playbook/customers/doble.yml": "id: a\nid: b\n"}
    )
    assert run(["fmt", str(project)]) == 1
    said = capsys.readouterr().out
    assert "customers/vip.yml:2:8: error[syntax-quote]" in said
    assert "customers/doble.yml:2:1: error[duplicate-key]" in said
    assert (project / "playbook/customers/vip.yml").read_text(encoding="utf-8") == broken


def test_entries_are_left_alone_where_nobody_can_tell_what_is_declared(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    fields = "fields: {standard: {risk: {type: word, vocabulary: nada, label: Riesgo}}}\n"
    rule = "told: Se habla bajo.\nid: sin-ruido\n"
    own = {"playbook/playbook.yml": settings + fields, "playbook/rules/sin-ruido.yml": rule}
    project = make_project(own)
    monkeypatch.chdir(project)
    entries = {path: path.read_bytes() for path in (project / "playbook").glob("*/*.yml")}
    for options in (["--check"], []):
        assert run(["fmt", *options]) == 1
        assert "playbook/playbook.yml:15:52: error[unknown-vocabulary]" in capsys.readouterr().out
    assert {path: path.read_bytes() for path in entries} == entries


def test_form_can_be_copied_by_who_has_no_terminal(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    assert run(["fmt", str(project)]) == 0
    capsys.readouterr()
    assert run(["fmt", "--check", "--format", "markdown", str(project)]) == 0
    assert capsys.readouterr().out == ""
    standard = project / "playbook/standards/EXT-01.yml"
    good = standard.read_text(encoding="utf-8").replace("Saludas a", "Di ```hola``` a")
    standard.write_text(f"revision:   2\n{good}", encoding="utf-8")
    assert run(["fmt", "--check", "--format", "markdown", str(project)]) == 1
    said = capsys.readouterr().out
    assert run(["fmt", str(project)]) == 0
    written = standard.read_text(encoding="utf-8")
    assert f"````yaml\n{written}````\n" in said


def test_line_ends_of_windows_are_told_as_such(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project({})
    monkeypatch.chdir(project)
    assert run(["fmt"]) == 0
    standard = project / "playbook/standards/EXT-01.yml"
    good = standard.read_bytes()
    standard.write_bytes(good.replace(b"\n", b"\r\n"))
    capsys.readouterr()
    assert run(["fmt", "--check"]) == 1
    assert capsys.readouterr().out.startswith("playbook/standards/EXT-01.yml:1:1: error[windows-lines]: ")
    assert run(["fmt"]) == 0
    assert standard.read_bytes() == good


def test_nothing_is_formatted_where_a_link_leads(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who proposes a file may propose a link: what it leads to is nobody's content, and stays as it is."""
    project = make_project({})
    outside = tmp_path / "outside"
    outside.mkdir()
    mine = outside / "EXT-77.yml"
    mine.write_text("id:   EXT-77\n", "utf-8")
    (project / "playbook/standards/EXT-77.yml").symlink_to(mine)
    assert not (project / "playbook/cases").exists()
    (project / "playbook/cases").symlink_to(outside)
    assert run(["fmt", str(project)]) == 1
    told = capsys.readouterr().out
    assert "standards/EXT-77.yml:1:1: error[content-is-link]" in told
    assert "cases/EXT-77.yml:1:1: error[link-outside]" in told
    assert mine.read_text("utf-8") == "id:   EXT-77\n"
