"""The reference: all that the code knows stands in it, and nothing else."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from servicebook.building.events import ServicebookConfig
from servicebook.cli.main import make_cli, run
from servicebook.content.content import LISTS
from servicebook.content.declarations import find_faults
from servicebook.content.kinds import declared_in
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.model.settings import Settings
from servicebook.content.model.types import Model
from servicebook.content.sentences import fault_of
from servicebook.language.messages import messages_in
from servicebook.reference.told import Named, Topic
from servicebook.reference.whole import parts_of
from servicebook.site.macros import Macros
from servicebook.site.site import Site, read_playbook
from tests.conftest import ROOT, MakeProject

PARTS = ("fields", "settings", "macros", "commands", "words", "templates")
PAGES = dict(zip(PARTS, ("campos", "ajustes", "macros", "ordenes", "palabras", "plantillas"), strict=True))
PROJECTS = {"es": ROOT, "en": ROOT / "tests/projects/hospital", "pt": ROOT / "tests/projects/oficina-pt"}


@cache
def site_in(language: str) -> Site:
    playbook, _ = read_playbook(PROJECTS[language], dt.date(2026, 11, 25))
    return Site(playbook)


@cache
def part(name: str, language: str = "es") -> Sequence[Topic]:
    return parts_of(site_in(language))[name]()


def topic(name: str, identity: str, language: str = "es") -> Topic:
    return next(one for one in part(name, language) if one.id == identity)


def names(rows: Sequence[Named]) -> list[str]:
    return [row.name for row in rows]


def walk(model: type[Model], above: str = "") -> Iterator[str]:
    """Yield the fields of a model and of those in it, by the names that editors write."""
    for name, info in model.model_fields.items():
        path = f"{above}{info.alias or name}"
        yield path
        for inner, where in models_in(info.annotation, path):
            yield from walk(inner, f"{where}.")


def models_in(annotation: Any, path: str) -> Iterator[tuple[type[Model], str]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation, path
        return
    is_map = getattr(annotation, "__origin__", None) is dict
    for inner in get_args(annotation):
        yield from models_in(inner, f"{path}.*" if is_map else path)


@pytest.mark.parametrize("language", PROJECTS)
def test_every_field_of_every_kind_and_list_stands_in_it(language: str) -> None:
    kinds = site_in(language).playbook.kinds
    models: dict[str, type[Model]] = {
        **kinds,
        **{file.removesuffix(".yml"): model for file, model in LISTS.items()},
    }
    assert [one.id for one in part("fields", language)] == ["entry", *models]
    shared = names(topic("fields", "entry", language).rows)
    for name, model in models.items():
        told = names(topic("fields", name, language).rows)
        assert len(told) == len(set(told))
        wanted = {path for path in walk(model) if path.split(".")[-1] not in kinds.left_out}
        assert {*told, *(shared if name in kinds else ())} == wanted, name


def test_every_setting_stands_in_it() -> None:
    assert sorted(names(topic("settings", "playbook").rows)) == sorted(walk(Settings))
    assert set(names(topic("settings", "mkdocs").rows)) == {name for name, _ in ServicebookConfig._schema}


def test_fields_say_whether_they_are_required_and_what_they_take() -> None:
    rows = {row.name: row for row in topic("fields", "standard").rows}
    assert rows["statement"].required
    assert not rows["threshold"].required
    assert rows["level"].form == "uno de: essential, expected, excellence"
    assert rows["channels"].form == "una lista; cada elemento, palabra de «channels»"
    assert rows["threshold.at"].form == "uno de: most, least, exactly"
    assert rows["customers"].form == "una lista; cada elemento, id de guía de cliente"
    shared = {row.name: row.form for row in topic("fields", "entry").rows}
    assert shared["review_every"] == "número entero; de 1 a 120; si falta: 12"
    assert "risk" in names(topic("fields", "standard", "en").rows)


@pytest.mark.parametrize("name", ["fields", "kinds", "folders", "addresses"])
def test_a_name_said_to_be_taken_is_refused(name: str) -> None:
    said = topic("settings", f"taken-{name}").words
    assert said == tuple(sorted(said))
    field = {"type": "line", "label": "X"}
    kind = {"title": "X", "title_one": "x"}
    declare: dict[str, Callable[[str], dict[str, Any]]] = {
        "fields": lambda word: {"fields": {"standard": {word: field}}},
        "kinds": lambda word: {"kinds": {word: kind}},
        "folders": lambda word: {"kinds": {"propio": {**kind, "folder": word}}},
        "addresses": lambda word: {"kinds": {"propio": {**kind, "address": word}}},
    }
    for word in (*said, "libre"):
        declared = declared_in({"pillars": {"a": {"title": "A"}}, **declare[name](word)})
        faults = list(find_faults(declared)) if declared else ["no name at all"]
        assert bool(faults) == (word != "libre"), word


def test_every_macro_stands_in_it() -> None:
    told = names(topic("macros", "macros").rows)
    macros = [name for name in dir(Macros) if not name.startswith("_") and name != "reference_of"]
    assert sorted(row.partition("(")[0] for row in told) == sorted(macros)
    assert "standards(facets=True, field='word')" in told


def test_every_command_and_option_stands_in_it() -> None:
    line = make_cli(messages_in("es"))
    assert [one.id for one in part("commands")] == ["servicebook", *line.commands]
    general = set(names(topic("commands", "servicebook").rows))
    assert general == {"--help, -h", "--version", "--lang"}
    for name, command in line.commands.items():
        one = topic("commands", name)
        options = {", ".join(it.opts) for it in command.params if it.opts[0].startswith("-")} - general
        assert set(names(one.rows)) == options
        arguments = [str(it.metavar) for it in command.params if not it.opts[0].startswith("-")]
        assert all(argument.strip("[]. ") in one.title for argument in arguments)
        assert one.note


@pytest.mark.slow
def test_every_word_that_can_be_said_otherwise_stands_in_it_and_no_other() -> None:
    say, said = messages_in("es"), site_in("es").say
    told = {row.name: row.says for one in part("words") for row in one.rows}
    assert told == {key: said.text(key) for key in sorted(say.keys()) if fault_of(key, "", say) is None}
    assert list(told) == sorted(told)


def test_a_word_of_the_playbook_is_told_as_it_says_it(make_project: MakeProject) -> None:
    project = make_project({})
    settings = project / "playbook/playbook.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8") + "words:\n  level.essential: De vida\n", encoding="utf-8"
    )
    playbook, _ = read_playbook(project, dt.date(2026, 11, 25))
    told = {row.name: row.says for one in parts_of(Site(playbook))["words"]() for row in one.rows}
    assert told["level.essential"] == "De vida"


def test_every_template_and_style_stands_in_it_with_what_it_is_for() -> None:
    told = [row for one in part("templates") for row in one.rows if not row.name.startswith("--")]
    overrides = ROOT / "overrides"
    files = {
        path.relative_to(overrides).as_posix()
        for path in overrides.rglob("*")
        if path.suffix == ".html" or path.parent.name == "css"
    }
    apart = {"admin/index.html", "audit_report.html"}
    assert set(names(told)) == files - apart
    assert [row.name for row in told if not row.says] == []
    forms = {row.name: row.form for row in told}
    assert forms["components/ref.html"].startswith("entry (Entry)")
    variables = names(topic("templates", "variables").rows)
    tokens = (overrides / "assets/css/tokens.css").read_text(encoding="utf-8")
    assert set(variables) == set(re.findall(r"--pb-[a-z-]+(?=:)", tokens))


@pytest.mark.parametrize("language", PROJECTS)
@pytest.mark.parametrize("name", PARTS)
def test_every_part_speaks_the_language_of_the_playbook(name: str, language: str) -> None:
    for one in part(name, language):
        assert one.title
        assert one.rows or one.words
        assert all(row.says for row in one.rows)


@pytest.mark.parametrize("name", PARTS)
def test_the_page_says_just_that(name: str, reference_site: Path) -> None:
    page = (reference_site / "editar" / PAGES[name] / "index.html").read_text(encoding="utf-8")
    shown = [html.unescape(name) for name in re.findall(r"<dt><code>(.*?)</code>", page)]
    assert shown == [row.name for one in part(name) for row in one.rows]
    # Light: less than the glossary's page with the theme's frame, but for the sentences, which are many.
    assert len(page) < (250_000 if name == "words" else 80_000)


def test_no_page_for_editors_is_found_by_who_serves() -> None:
    for path in (ROOT / "docs/editar").glob("*.md"):
        head = path.read_text(encoding="utf-8").split("---\n")[1]
        assert yaml.load(head, yaml.CSafeLoader)["search"] == {"exclude": True}, path


def test_a_part_that_there_is_not_is_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"docs/index.md": "# Uno\n\n{{ reference('field') }}\n"})
    assert run(["build", "--project", str(project), "--lang", "es"]) == 1
    said = capsys.readouterr()
    assert "docs/index.md:3:1: error[macro-unknown-part]: «field» no es una parte" in said.out + said.err
    assert "¿Quisiste decir «fields»?" in said.out + said.err


def test_every_kind_has_its_folder_told() -> None:
    for kind, model in ENTRY_TYPES.items():
        assert f"playbook/{model.folder}»" in topic("fields", kind).note
