"""The configuration of the editors' forms: made from the model, so that no field lacks what it needs."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from servicebook.cli.main import run
from servicebook.content.load import load_content
from servicebook.content.model.declared import FieldInfo
from servicebook.content.model.entries import ENTRY_TYPES
from servicebook.content.schema import schema_names
from servicebook.editing.cms import Backend, config_of
from servicebook.editing.cms_program import Package
from servicebook.language.messages import LANGUAGES, messages_in
from tests.conftest import ROOT, MakeProject

CONTENT, _ = load_content(ROOT / "playbook")
Form = dict[str, Any]


def collections(language: str) -> dict[str, Form]:
    assert CONTENT.settings
    config = config_of(CONTENT.settings, Backend("github", "casa/manual"), "playbook", messages_in(language))
    return {one["name"]: one for one in config["collections"]}


def fields_of(fields: list[Form]) -> Iterator[Form]:
    for field in fields:
        yield field
        yield from fields_of([*field.get("fields", []), *([field["field"]] if "field" in field else [])])


def forms(language: str) -> list[Form]:
    found = []
    for one in collections(language).values():
        files = one.get("files") or [one]
        found += [field for file in files for field in fields_of(file["fields"])]
    return found


def named(name: str, collection: str) -> Form:
    fields = collections("es")[collection]["fields"]
    return next(field for field in fields_of(fields) if field["name"] == name)


def test_every_file_of_the_playbook_has_its_form() -> None:
    assert set(collections("es")) == set(schema_names())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_says_what_it_is_for(language: str) -> None:
    for field in forms(language):
        assert field["label"]
        # The element of a list is explained where the list is.
        if field["name"] not in ("value", "entries"):
            assert field["hint"].endswith((".", "?", "»", "”")), field
            assert "[" not in field["hint"] or field["name"] == "ids", field
        # A switch is on or off to whoever sees no file.
        assert field["widget"] != "boolean" or not re.search("true|false", field["hint"], re.I), field


def test_every_choice_has_a_name_in_spanish() -> None:
    options = [one for field in forms("es") for one in field.get("options", [])]
    assert {one["value"] for one in options if one["value"] == one["label"]} == {
        *("A4", "Letter"),
        *(",", ";"),
    }


def test_patterns_say_how_a_text_is_written() -> None:
    pattern, said = named("id", "standard")["pattern"]
    assert re.search(pattern, "EXT-07")
    assert not re.search(pattern, "ext 7")
    assert "EXT-07" in said
    pattern, said = named("id", "metric")["pattern"]
    assert re.search(pattern, "a" * 60)
    assert not re.search(pattern, "a" * 61)
    assert "60" in said


@pytest.mark.parametrize(
    ("name", "collection", "text", "fits"),
    [
        ("reviewed", "standard", "2024-02-29", True),
        ("reviewed", "standard", "2000-02-29", True),
        ("reviewed", "standard", "2026-02-29", False),
        ("reviewed", "standard", "1900-02-29", False),
        ("reviewed", "standard", "2026-13-45", False),
        ("reviewed", "standard", "2026-04-31", False),
        ("reviewed", "standard", "0000-01-01", False),
        # What is pasted brings space along, which saving takes off.
        ("reviewed", "standard", " 2026-11-27\n", True),
        ("id", "standard", " EXT-07 ", True),
        ("id", "standard", "EXT -07", False),
        ("title", "standard", " \u00a0 ", False),
        ("title", "standard", f" {'x' * 120} ", True),
        ("title", "standard", "x" * 121, False),
        ("statement", "standard", " \n\t", False),
        ("statement", "standard", "\nUna promesa\nen dos renglones.", True),
        # No model says what stands behind it, and a key of spaces alone was left out with all under it.
        ("key", "playbook", "  ", False),
        ("file", "standard", "media/recepción/Fila-Ñandú_1.png", True),
        ("file", "standard", "media/recepcio\u0301n.png", False),
        ("file", "standard", "media/../secreto.png", False),
        ("file", "standard", "media/«fila».png", False),
    ],
)
def test_a_pattern_takes_what_check_takes(name: str, collection: str, text: str, fits: bool) -> None:
    forms = collections("es")[collection]
    fields = forms.get("fields") or forms["files"][0]["fields"]
    (pattern, _) = next(field for field in fields_of(fields) if field["name"] == name)["pattern"]
    # As a browser tries it, whose `\\w` is of English letters alone.
    assert bool(re.search(pattern.replace(r"\w", "A-Za-z0-9_"), text)) == fits


def test_every_day_of_the_calendar_fits_and_no_other() -> None:
    pattern, _ = named("reviewed", "standard")["pattern"]
    for year in (1900, 2000, 2023, 2024):
        for month in range(14):
            for day in range(33):
                try:
                    is_day = bool(dt.date(year, month, day))
                except ValueError:
                    is_day = False
                assert bool(re.search(pattern, f"{year}-{month:02}-{day:02}")) == is_day


def test_a_declared_form_of_ids_is_said_as_it_is_declared() -> None:
    assert CONTENT.settings
    own = CONTENT.settings.model_copy(update={"ids": {"metric": "M-[0-9]+"}})
    config = config_of(own, Backend("github", "casa/manual"), "playbook", messages_in("es"))
    fields = {one["name"]: one for one in config["collections"]}["metric"]["fields"]
    assert fields[0]["pattern"][1] == "Id: Con la forma M-[0-9]+. 60 caracteres como mucho."


def test_a_reference_is_chosen_from_what_there_is() -> None:
    relation = named("customers", "standard")
    assert relation["widget"] == "relation"
    assert relation["collection"] == "customer"
    assert relation["search_fields"] == ["id", "title"]
    assert relation["multiple"]
    words = {option["value"] for option in named("roles", "standard")["options"]}
    assert words == set(CONTENT.settings.roles if CONTENT.settings else ())


def without_words(form: Form) -> Form:
    return {key: value for key, value in form.items() if key not in ("name", "label", "hint")}


def test_a_form_asks_for_what_the_model_asks_for() -> None:
    top = {form["name"]: form for form in collections("es")["standard"]["fields"]}
    assert without_words(top["customers"]) == {
        "required": False,
        "widget": "relation",
        "collection": "customer",
        "value_field": "id",
        "search_fields": ["id", "title"],
        "display_fields": ["{{id}} · {{title}}"],
        "options_length": 100,
        "multiple": True,
    }
    cited = next(form for form in top["sources"]["fields"] if form["name"] == "source")
    ids = ["entries.*.id", "entries.*.title"]
    assert without_words(cited) == {
        "required": True,
        "widget": "relation",
        "collection": "sources",
        "value_field": ids[0],
        "search_fields": ids,
        "display_fields": ids,
        "options_length": 100,
        "file": "sources",
    }
    widgets = {name: form["widget"] for name, form in top.items()}
    assert (widgets["title"], widgets["statement"], widgets["reviewed"]) == ("string", "text", "string")
    assert (widgets["threshold"], widgets["do"], widgets["roles"]) == ("object", "list", "select")
    assert (top["images"]["fields"][0]["widget"], top["images"]["fields"][1]["widget"]) == ("file", "string")
    # A list that must have elements says so, and what may be left out asks for nothing.
    assert {name: top[name].get("min") for name in ("do", "items", "roles", "images", "related")} == {
        "do": 1, "items": 1, "roles": 1, "images": None, "related": None
    }  # fmt: skip
    assert [one["required"] for one in top["threshold"]["fields"]] == [False] * 6
    # Who chooses is not told the words that only YAML has; no list holds the items of other entries.
    assert top["threshold"]["fields"][0]["hint"] == messages_in("es")("cms.hint.at")
    assert named("take", "checklist")["widget"] == "list"
    assert top["title"]["pattern"][0] == r"^\s*(?=[\s\S]{0,120}\s*$)(?=\S)(?:[\s\S]*)\s*$"
    assert [one["required"] for one in top["verification"]["fields"]] == [True] * 3
    assert [one["required"] for one in top["images"]["fields"]] == [True, True, False]
    assert (top["title"]["required"], top["related"]["required"]) == (True, False)
    assert (top["items"]["summary"], top["items"]["collapsed"]) == ("{{fields.id}}", False)
    defaults = {name: form["default"] for name, form in top.items() if "default" in form}
    assert defaults == {"status": "draft", "revision": 1, "review_every": 12, "urgent": False}


def test_files_at_the_top_have_forms_of_lists_and_maps() -> None:
    files = {name: one["files"][0]["fields"] for name, one in collections("es").items() if "files" in one}
    for name, summary in (
        ("sources", "{{fields.id}} · {{fields.title}}"),
        ("glossary", "{{fields.id}} · {{fields.title}}"),
        ("queries", "{{fields.query}}"),
    ):
        (form,) = files[name]
        assert (form["name"], form["widget"], form["collapsed"]) == ("entries", "list", True)
        assert form["summary"] == summary
    settings = {form["name"]: form for form in files["playbook"]}
    assert [one["name"] for one in settings["pillars"]["fields"]][:2] == ["key", "title"]
    assert settings["pillars"]["fields"][0]["pattern"][1].startswith(f"{messages_in('es')('cms.key')}: ")
    assert [one["name"] for one in settings["words"]["fields"]] == ["key", "value"]
    least = {name: settings[name].get("min") for name in ("pillars", "teams", "channels", "words")}
    assert least == {"pillars": 1, "teams": 1, "channels": None, "words": None}
    assert (settings["format"]["value_type"], settings["format"]["step"]) == ("int", 1)
    limit = {one["name"]: one for one in named("threshold", "standard")["fields"]}["value"]
    assert (limit["value_type"], limit["step"]) == ("float", 0.1)


def test_what_a_playbook_declares_is_said_in_its_forms() -> None:
    assert CONTENT.settings
    field = FieldInfo.model_validate({"type": "list", "label": "Avisos", "required": "true"})
    own = CONTENT.settings.model_copy(
        update={"ids": {"metric": "M-[0-9]+"}, "fields": {"metric": {"aviso": field}}}
    )
    config = config_of(own, Backend("github", "casa/manual"), "playbook", messages_in("es"))
    forms = {one["name"]: one for one in config["collections"]}["metric"]["fields"]
    found = {form["name"]: form for form in forms}
    assert "M-[0-9]+" in found["id"]["pattern"][0]
    assert "M-[0-9]+" in found["id"]["pattern"][1]
    assert found["aviso"]["label"] == "Avisos"
    assert found["aviso"]["field"]["widget"] == "text"
    assert found["aviso"]["field"]["label"] == "Avisos"


@pytest.mark.parametrize("project", sorted((ROOT / "tests/projects").iterdir()), ids=lambda path: path.name)
def test_a_form_without_fields_or_words_is_none(project: Path) -> None:
    """Of a part without fields the forms' program refuses the whole configuration, and shows a blank page."""
    content, _ = load_content(project / "playbook")
    assert content.settings
    say = messages_in(content.settings.language)
    config = config_of(content.settings, Backend("github", "casa/manual"), "playbook", say)
    for collection in config["collections"]:
        for form in fields_of(collection.get("fields") or collection["files"][0]["fields"]):
            assert form.get("fields") != [], (collection["name"], form["name"])
            assert form.get("options") != [], (collection["name"], form["name"])


def test_a_field_is_called_by_its_label_wherever_its_form_names_it() -> None:
    """By the label of its own, which another kind's field of the name may not have."""
    assert CONTENT.settings
    fields = {
        "correo": FieldInfo.model_validate({"type": "url", "label": "Página de ayuda"}),
        "fecha": FieldInfo.model_validate({"type": "date", "label": "Día de la prueba"}),
        "pasos": FieldInfo.model_validate({"type": "list", "label": "Pasos a dar"}),
    }
    own = CONTENT.settings.model_copy(update={"fields": {"metric": fields}})
    say = messages_in("es")
    config = config_of(own, Backend("github", "casa/manual"), "playbook", say)
    told = list[tuple[str, str]]()
    for collection in config["collections"]:
        for form in fields_of(collection.get("fields") or collection["files"][0]["fields"]):
            if "pattern" in form:
                told.append((form["label"], form["pattern"][1].partition(":")[0]))
            if "field" in form:
                told.append((form["label"], form["field"]["label"]))
    assert [pair for pair in told if pair[0] != pair[1]] == []
    assert {"Página de ayuda", "Día de la prueba", "Pasos a dar"} <= {label for label, _ in told}


def test_a_switch_of_ones_own_is_explained_as_it_was_declared() -> None:
    assert CONTENT.settings
    field = FieldInfo.model_validate({"type": "flag", "label": "Hora", "help": "Si se mide a la hora."})
    own = CONTENT.settings.model_copy(update={"fields": {"metric": {"hour": field}}})
    config = config_of(own, Backend("github", "casa/manual"), "playbook", messages_in("es"))
    forms = {one["name"]: one for one in config["collections"]}["metric"]["fields"]
    assert next(form for form in forms if form["name"] == "hour")["hint"] == "Si se mide a la hora."


def test_a_new_entry_is_a_draft_whose_lists_are_empty() -> None:
    for kind in ENTRY_TYPES:
        fields = collections("es")[kind]["fields"]
        assert next(field for field in fields if field["name"] == "status")["default"] == "draft"
        deeper = [inner for field in fields for inner in fields_of(field.get("fields", []))]
        assert [inner["name"] for inner in deeper if "default" in inner] == []


def admin_of(project: Path, *more: str) -> Path:
    """Write the page of a project's forms, with a program that does nothing, and return its folder."""
    program = project / "program"
    program.mkdir(exist_ok=True)
    for name in ("decap-cms.js", "js-yaml.mjs", "README.md"):
        (program / name).write_text(name, encoding="utf-8")
    out = project / "out/admin"
    where = ["--cms", str(program), "--out", str(out), "--project", str(project)]
    assert run(["admin", *where, *(more or ("--repository", "casa/manual")), "--lang", "es"]) == 0
    return out


def test_page_of_the_forms_is_whole(make_project: MakeProject) -> None:
    settings = (ROOT / "tests/projects/minimal/playbook/playbook.yml").read_text(encoding="utf-8")
    titled = settings.replace("title: Manual mínimo", 'title: "A & <B>"')
    files = {"playbook/playbook.yml": titled, "schemas/standard.json": "{}", "schemas/glossary.json": "{}"}
    project = make_project(files)
    out = admin_of(project)
    assert admin_of(project) == out  # it is made anew in its place
    pages = {"admin.js", "lines.js", "yaml.js", "index.html", "config.json", "shapes.json", "words.json"}
    assert {path.name for path in out.iterdir()} == pages | {"decap-cms.js", "js-yaml.mjs"}
    html = (out / "index.html").read_text(encoding="utf-8")
    assert '<html lang="es">' in html
    assert "A &amp; &lt;B>" in html
    assert "{{" not in html
    shapes = json.loads((out / "shapes.json").read_text(encoding="utf-8"))
    assert [*shapes] == [*ENTRY_TYPES, "glossary", "sources", "foundations", "queries", "playbook"]
    # The first line leads to the schema where the project has one, from the folder in which the file stands.
    start = "# yaml-language-server: $schema="
    assert {name: shape["head"] for name, shape in shapes.items() if shape["head"]} == {
        "standard": [f"{start}../../schemas/standard.json"],
        "glossary": [f"{start}../schemas/glossary.json"],
    }
    assert shapes["standard"]["fields"][:2] == [["id", {"form": "line"}], ["title", {"form": "line"}]]
    assert dict(shapes["standard"]["fields"])["do"] == {"form": "list", "inner": {"form": "text"}}
    assert shapes["glossary"]["form"] == "list"
    words = json.loads((out / "words.json").read_text(encoding="utf-8"))
    assert words["editor"]["editorWidgets"]["list"]["add"] == messages_in("es")("cms.add")
    assert words["editor"]["editorWidgets"]["object"] == {"expand": "Abrir", "collapse": "Cerrar"}
    assert words["mediaLibrary"]["mediaLibraryCard"]["copyName"] == "Copiar el nombre"
    assert {*words["servicebook"]} == {"id", "taken", "number", "whole", "gone", "loading", "none"}


@pytest.mark.parametrize(
    ("asked", "backend", "mode"),
    [
        (
            ["--repository", "casa/manual"],
            {"name": "github", "repo": "casa/manual", "branch": "main", "open_authoring": True},
            "editorial_workflow",
        ),
        (
            ["--repository", "casa/manual", "--backend", "gitlab", "--base-url", "https://entra.mx"],
            {"name": "gitlab", "repo": "casa/manual", "branch": "main", "base_url": "https://entra.mx"},
            "editorial_workflow",
        ),
        (
            ["--proxy", "http://127.0.0.1:8081/"],
            {"name": "proxy", "proxy_url": "http://127.0.0.1:8081/", "branch": "main"},
            "simple",
        ),
    ],
)
def test_changes_go_where_it_was_said(
    asked: list[str], backend: dict[str, Any], mode: str, make_project: MakeProject
) -> None:
    config = json.loads((admin_of(make_project({}), *asked) / "config.json").read_text(encoding="utf-8"))
    assert config["backend"] == backend
    assert config["publish_mode"] == mode
    assert not config["load_config_file"]
    assert (config["media_folder"], config["public_folder"]) == ("playbook/media", "media")
    standards = config["collections"][0]
    assert standards["folder"] == "playbook/standards"
    assert (standards["create"], standards["delete"]) == (True, False)


@pytest.mark.parametrize("name", ["manual", "casa/", "https://example.org/casa/manual", "casa manual"])
def test_a_repository_of_another_form_is_told(
    name: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    assert run(["admin", "--repository", name, "--project", str(project), "--lang", "es"]) == 2
    assert "Se escribe dueño/nombre, como casa/manual." in capsys.readouterr().err


def test_forms_without_their_program_are_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({})
    (project / "program").mkdir()
    where = ["--cms", str(project / "program"), "--out", str(project / "out")]
    assert run(["admin", *where, "--repository", "casa/manual", "--project", str(project)]) == 2
    assert "servicebook fetch-cms" in capsys.readouterr().err
    assert not (project / "out").exists()


@pytest.fixture
def npm(tmp_path: Path) -> Path:
    """A program that packs, as npm does, whatever it is asked for; of `gone` it knows nothing."""
    program = tmp_path / "bin" / "npm"
    program.parent.mkdir()
    packing = """
import sys
from pathlib import Path
name = sys.argv[2].partition("@")[0]
if name == "gone":
    sys.exit("not found")
Path(sys.argv[5], "one.tgz").write_bytes(Path(__file__).with_name(name).read_bytes())
"""
    program.write_text(f"#!{sys.executable}\n{packing}", encoding="utf-8")
    for name in ("forms", "reader"):
        archive = io.BytesIO()
        with tarfile.open(fileobj=archive, mode="w") as files:
            info = tarfile.TarInfo(f"package/{name}.js")
            info.size = len(name)
            files.addfile(info, io.BytesIO(name.encode()))
        program.with_name(name).write_bytes(gzip.compress(archive.getvalue()))
    program.chmod(0o755)
    return program


def test_program_of_the_forms_is_fetched_whole_or_not_at_all(
    npm: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fetch(*packages: Package) -> int:
        monkeypatch.setattr("servicebook.editing.cms_program.PACKAGES", packages)
        return run(["fetch-cms", "--cms", str(tmp_path / "cms"), "--npm", str(npm), "--lang", "en"])

    digest = hashlib.sha512(npm.with_name("forms").read_bytes()).hexdigest()
    good = Package("forms@1", digest, "package/forms.js")
    assert fetch(good, Package("reader@1", "0" * 128, "package/reader.js")) == 2
    assert "The archive of reader@1 is not the one expected" in capsys.readouterr().err
    assert fetch(good, Package("gone@1", "0" * 128, "package/gone.js")) == 2
    assert "npm could not fetch gone@1" in capsys.readouterr().err
    assert not (tmp_path / "cms").exists()
    assert fetch(good) == 0
    assert (tmp_path / "cms/forms.js").read_text(encoding="utf-8") == "forms"


def test_without_npm_it_is_said_what_brings_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["fetch-cms", "--npm", "no-such-npm", "--lang", "en"]) == 2
    assert "“no-such-npm” is not on this machine. Install Node.js" in capsys.readouterr().err
