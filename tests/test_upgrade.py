"""What a newer engine asks of a project: `servicebook upgrade`."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from codecs import BOM_UTF8
from pathlib import Path

import pytest
import yaml

from servicebook import __version__
from servicebook.base.files import write_file
from servicebook.cli.main import run
from servicebook.content.model.settings import FORMAT
from servicebook.content.project import read_project
from servicebook.content.shapes import shape_of
from servicebook.editing import upgrade
from servicebook.editing.form.form import format_text
from servicebook.editing.formats import FormatError, frameworks_in, renewed_settings
from servicebook.editing.starters import Given, first_given, kept_current, record_text, starter_texts
from servicebook.editing.twins import with_engine, with_theme
from tests.conftest import ROOT, disk_full_after

Printed = pytest.CaptureFixture[str]


def _files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _make(folder: Path, language: str) -> Path:
    assert run(["init", str(folder), "--lang", language]) == 0
    return folder


def _make_old(folder: Path, language: str) -> Path:
    """Make a project as an engine of the first format made it, with a standard that names frameworks."""
    _make(folder, language)
    (folder / "servicebook.lock").unlink()
    texts = first_given(language).texts
    for name in _files(folder):
        if not name.startswith("playbook/") and name not in texts:
            (folder / name).unlink()
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    settings = folder / "playbook/playbook.yml"
    settings.write_text(_without(settings, f"format: {FORMAT}\n"), encoding="utf-8")
    standard = folder / "playbook/standards/EXT-01.yml"
    standard.write_text(
        standard.read_text(encoding="utf-8") + "mappings:\n  servqual: [empathy]\n", encoding="utf-8"
    )
    return folder


def _without(path: Path, part: str) -> str:
    text = path.read_text(encoding="utf-8")
    assert part in text
    return text.replace(part, "")


def _gave(folder: Path, name: str, text: str) -> None:
    """Have the record say that an earlier engine gave the project this text of a file."""
    record = folder / "servicebook.lock"
    data = json.loads(record.read_text(encoding="utf-8"))
    data["files"][name] = text
    record.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_new_project_is_current_and_stays_as_it_is(language: str, tmp_path: Path, capsys: Printed) -> None:
    folder = _make(tmp_path / "manual", language)
    before = _files(folder)
    assert run(["upgrade", str(folder), "--check"]) == 0
    assert run(["upgrade", str(folder)]) == 0, capsys.readouterr().out
    assert _files(folder) == before


@pytest.mark.parametrize("language", ["es", "en"])
def test_project_of_the_format_before_is_brought_up(language: str, tmp_path: Path, capsys: Printed) -> None:
    folder = _make_old(tmp_path / "manual", language)
    assert run(["check", str(folder)]) == 1
    before = _files(folder)
    assert run(["upgrade", str(folder), "--check"]) == 1
    assert _files(folder) == before
    capsys.readouterr()
    assert run(["upgrade", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "frameworks" in said
    named = [line.partition(f"{folder.name}/")[2].partition(":")[0] for line in said.splitlines()]
    given = [name for name in named if name and not name.startswith(("playbook/", "schemas/"))]
    assert given == sorted(given)
    assert len(given) > 5
    assert run(["check", "--strict", str(folder)]) == 0, capsys.readouterr().out
    assert run(["fmt", "--check", str(folder)]) == 0, capsys.readouterr().out
    new = _files(_make(tmp_path / "new", language))
    after = _files(folder)
    # The rest is what a new project has; what stands in playbook/ is the owner's.
    differing = {name for name in new.keys() | after.keys() if new.get(name) != after.get(name)}
    assert differing == {
        "playbook/playbook.yml", "playbook/standards/EXT-01.yml", "schemas/standard.json"
    }  # fmt: skip
    assert f"format: {FORMAT}\n" in after["playbook/playbook.yml"]
    # Only what is used is declared, and a second run finds nothing to do.
    assert "iso23592" not in after["playbook/playbook.yml"]
    assert run(["upgrade", str(folder), "--check"]) == 0


@pytest.mark.slow
def test_what_stops_half_way_is_done_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project is of the format before, and nothing tells what it was given but that."""
    old = _make_old(tmp_path / "old", "es")
    whole = shutil.copytree(old, tmp_path / "whole")
    written: list[Path] = []

    def write(path: Path, text: str) -> None:
        written.append(path)
        write_file(path, text)

    monkeypatch.setattr(upgrade, "write_file", write)
    assert run(["upgrade", str(whole)]) == 0
    assert len(written) > 10
    for moment in range(len(written)):
        folder = shutil.copytree(old, tmp_path / str(moment))
        until_full = disk_full_after(moment)
        with monkeypatch.context() as patch:
            patch.setattr(upgrade, "write_file", until_full)
            assert run(["upgrade", str(folder)]) == 2
        assert run(["upgrade", str(folder)]) == 0
        assert _files(folder) == _files(whole), moment


@pytest.mark.parametrize(
    ("had", "mine", "rule", "holds"),
    [
        # What the owner never touched is replaced, what both changed in different places is joined.
        ("old\n", "old\n", "el nuevo toma su lugar", None),
        ("first\n{new}", "first\n{new}\nmine\n", "recibe los cambios nuevos junto a los tuyos", "mine"),
        # What both changed in one place stays the owner's.
        ("old\n", "mine\n", "las mismas líneas", "mine"),
        ("old\n", None, "lo borraste", None),
        (None, "mine\n", "ya tenías uno", "mine"),
        (None, None, "es nuevo", None),
    ],
)  # fmt: skip
def test_file_of_the_starter_is_joined_three_way(
    had: str | None, mine: str | None, rule: str, holds: str | None, tmp_path: Path, capsys: Printed
) -> None:
    folder = _make(tmp_path / "manual", "es")
    path = folder / "README.md"
    new = path.read_text(encoding="utf-8")
    record = folder / "servicebook.lock"
    if had is None:
        data = json.loads(record.read_text(encoding="utf-8"))
        del data["files"]["README.md"]
        record.write_text(json.dumps(data), encoding="utf-8")
    else:
        _gave(folder, "README.md", had.replace("{new}", new))
    path.unlink()
    if mine is not None:
        path.write_text(mine.replace("{new}", new), encoding="utf-8")
    capsys.readouterr()
    waits = rule in ("las mismas líneas", "ya tenías uno")
    assert run(["upgrade", str(folder), "--lang", "es"]) == int(waits)
    assert rule in capsys.readouterr().out
    after = path.read_text(encoding="utf-8") if path.exists() else None
    if holds:
        assert after is not None
        assert holds in after
        assert (after == mine) == waits
    else:
        assert after == (None if rule == "lo borraste" else new)
    aside = folder / ".servicebook/upgrade/README.md"
    assert aside.exists() == waits
    if waits:
        # It is told until it is settled: by the owner's word, or because the new is in the file.
        assert aside.read_text(encoding="utf-8") == new
        assert run(["upgrade", str(folder)]) == 1
        assert run(["upgrade", str(folder), "--keep", "./README.md"]) == 0
        assert path.read_text(encoding="utf-8") == mine
    assert run(["upgrade", str(folder), "--check"]) == 0


@pytest.mark.parametrize(
    ("had", "mine", "code"),
    [("first\n{new}", b"first\n{new}\xf1and\xfa\n", 0), ("old\n", b"\xf1and\xfa\n", 1)],
)
def test_a_file_in_another_encoding_is_joined_byte_by_byte(
    had: str, mine: bytes, code: int, tmp_path: Path
) -> None:
    folder = _make(tmp_path / "manual", "es")
    path = folder / "README.md"
    new = path.read_text(encoding="utf-8")
    _gave(folder, "README.md", had.replace("{new}", new))
    path.write_bytes(mine.replace(b"{new}", new.encode()))
    assert run(["upgrade", str(folder)]) == code
    assert path.read_bytes() == (mine if code else new.encode() + "\xf1and\xfa\n".encode("latin-1"))


def test_what_two_ask_of_one_file_is_told_once(tmp_path: Path, capsys: Printed) -> None:
    """The engine has a newer mkdocs.yml, and its owner goes over to the other theme."""
    folder = _make(tmp_path / "manual", "es")
    path = folder / "mkdocs.yml"
    new = path.read_text(encoding="utf-8")
    path.write_text(f"# Antes\n{new}", encoding="utf-8")
    _gave(folder, "mkdocs.yml", f"# Antes\n{new}")
    capsys.readouterr()
    assert run(["upgrade", str(folder), "--theme", "materialx"]) == 0
    assert capsys.readouterr().out.count("mkdocs.yml: ") == 1
    assert path.read_text(encoding="utf-8") == with_theme(new, "mkdocs.yml", "materialx")


def test_no_setting_of_somebodys_git_keeps_files_from_being_joined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _make(tmp_path / "manual", "es")
    path = folder / "README.md"
    new = path.read_text(encoding="utf-8")
    _gave(folder, "README.md", f"first\n{new}")
    path.write_text(f"first\n{new}mine\n", encoding="utf-8")
    (tmp_path / "gitconfig").write_text("[no\n", encoding="utf-8")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    assert run(["upgrade", str(folder)]) == 0
    assert path.read_text(encoding="utf-8") == f"{new}mine\n"


def test_schemas_that_the_owner_did_away_with_stay_away(tmp_path: Path) -> None:
    folder = _make(tmp_path / "manual", "es")
    shutil.rmtree(folder / "schemas")
    assert run(["upgrade", str(folder)]) == 0
    assert not (folder / "schemas").exists()


def test_a_file_to_keep_that_nobody_gave_is_told(tmp_path: Path, capsys: Printed) -> None:
    folder = _make(tmp_path / "manual", "es")
    capsys.readouterr()
    assert run(["upgrade", str(folder), "--keep", "README.txt"]) == 2
    assert "«README.txt» no es un archivo que el motor haya dado o dé. ¿Quisiste decir «README.md»?" in (
        capsys.readouterr().err
    )


def test_file_that_the_engine_gives_no_more_is_told_where_it_is_left(tmp_path: Path, capsys: Printed) -> None:
    folder = _make(tmp_path / "manual", "es")
    _gave(folder, "viejo.md", "old\n")
    _gave(folder, "borrado.md", "old\n")
    (folder / "viejo.md").write_text("old\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["upgrade", str(folder), "--lang", "es"]) == 0
    said = capsys.readouterr().out
    assert "viejo.md: ya no viene con el motor" in said
    assert "borrado.md" not in said
    assert (folder / "viejo.md").is_file()
    assert run(["upgrade", str(folder), "--lang", "es"]) == 0
    assert "viejo.md" not in capsys.readouterr().out


def test_what_the_owner_took_over_by_hand_is_settled(tmp_path: Path) -> None:
    folder = _make(tmp_path / "manual", "es")
    path = folder / "README.md"
    new = path.read_text(encoding="utf-8")
    _gave(folder, "README.md", new.replace("Manual de servicio", "Antes"))
    path.write_text(new.replace("Manual de servicio", "Mío"), encoding="utf-8")
    assert run(["upgrade", str(folder)]) == 1
    path.write_text(new, encoding="utf-8")
    assert run(["upgrade", str(folder)]) == 0


def test_pinned_engine_follows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = _make(tmp_path / "manual", "en")
    monkeypatch.setattr("servicebook.editing.starters.__version__", "9.9.9")
    assert run(["upgrade", str(folder)]) == 0
    assert (folder / "requirements.txt").read_text(encoding="utf-8") == "servicebook==9.9.9\n"
    assert __version__ != "9.9.9"


def test_schemas_follow_what_is_declared(tmp_path: Path, capsys: Printed) -> None:
    folder = _make(tmp_path / "manual", "es")
    settings = folder / "playbook/playbook.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8")
        + "fields:\n  standard:\n    riesgo:\n      type: line\n      label: Riesgo\n",
        encoding="utf-8",
    )
    capsys.readouterr()
    before = (folder / "schemas/standard.json").read_bytes()
    assert run(["upgrade", "--check", str(folder)]) == 1
    # It is true of what is only told as well as of what is done.
    assert "schemas/standard.json: se escribe de nuevo" in capsys.readouterr().out
    assert (folder / "schemas/standard.json").read_bytes() == before
    assert run(["upgrade", str(folder)]) == 0
    assert "schemas/standard.json: se escribe de nuevo" in capsys.readouterr().out
    assert "Riesgo" in (folder / "schemas/standard.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "said", "code"),
    [
        (f"title: A\nlanguage: es\nformat: {FORMAT + 1}\n", f"conoce hasta el {FORMAT}", 2),
        ("title: A\nlanguage: es\nformat: dos\n", f"conoce hasta el {FORMAT}", 2),
        ("{title: A, language: es}\n", "Escribe tú", 2),
        ("- a\n", "Escribe tú", 2),
        ("title: [\n", "playbook/playbook.yml:1:8: error[", 1),
        (f"format: {FORMAT}\npillars: {{a: {{title: A}}}}\nids: {{rule: R}}\n", "error[unknown-kind]", 1),
        ("title: A\ntitle: B\nlanguage: es\n", "playbook/playbook.yml:2:1: error[", 1),
    ],
)
def test_settings_that_cannot_be_changed_are_told_and_nothing_written(
    settings: str, said: str, code: int, tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    _make(tmp_path / "manual", "es")
    (tmp_path / "manual/playbook/playbook.yml").write_text(settings, encoding="utf-8")
    before = _files(tmp_path)
    capsys.readouterr()
    assert run(["upgrade", "manual", "--lang", "es"]) == code
    printed = capsys.readouterr()
    assert said in printed.err + printed.out
    assert _files(tmp_path) == before


def test_a_record_reads_well_in_a_review_and_holds_nothing_of_the_owners() -> None:
    said = record_text(Given("es", {"b.md": "ñ\n", "a.md": "x\n"}))
    assert said == '{\n "language": "es",\n "files": {\n  "a.md": "x\\n",\n  "b.md": "ñ\\n"\n }\n}\n'
    given = kept_current(starter_texts("es", dt.date(2026, 11, 22)))
    assert not [name for name in given if name.startswith("playbook/")]
    # What a tool looks for under a name with a dot has it.
    tops = {name.partition("/")[0] for name in given}
    assert {".gitattributes", ".github", ".gitignore", ".vscode"} <= tops
    assert tops.isdisjoint({"gitattributes", "github", "gitignore", "vscode"})


@pytest.mark.parametrize("text", ["{", "[]", '{"files": {"a": 1}}', '{"files": {"../a": "x"}}'])
def test_broken_record_is_told(text: str, tmp_path: Path, capsys: Printed) -> None:
    folder = _make(tmp_path / "manual", "es")
    (folder / "servicebook.lock").write_text(text, encoding="utf-8")
    assert run(["upgrade", str(folder)]) == 2
    assert "servicebook.lock" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "renewed"),
    [
        ("title: A\nlanguage: es\naddress: b\n", "title: A\nlanguage: es\nformat: 2\naddress: b\n"),
        ("title: A\nlanguage: es", "title: A\nlanguage: es\nformat: 2\n"),
        ("title: A\nlanguage: es\naddress: b", "title: A\nlanguage: es\nformat: 2\naddress: b"),
        ("title:  A\nid: b\n", "title:  A\nformat: 2\nid: b\n"),
        # In its place where it stands already, and as it was typed.
        ("format:  1 # viejo\ntitle: A\n", "format:  2 # viejo\ntitle: A\n"),
        ("  title: A\n  language: es\n", "  title: A\n  language: es\n  format: 2\n"),
    ],
)
def test_the_number_of_the_format_is_all_that_changes_in_the_settings(text: str, renewed: str) -> None:
    assert renewed_settings(text, "x", "es", frozenset()) == (renewed, ["format-2"])
    assert renewed_settings(renewed, "x", "es", frozenset({"servqual"})) == (renewed, [])


def test_frameworks_that_are_named_are_declared_unless_the_owner_did() -> None:
    named = [{"mappings": {"servqual": ["empathy"]}}, {"mappings": ["x"]}, {"title": "A"}, ["x"], None]
    used = frameworks_in(iter(named))
    assert used == {"servqual"}
    for language, word in (("es", "Empatía"), ("en", "Empathy"), ("xx", "Empathy")):
        text, _ = renewed_settings("title: A\n", "x", language, used)
        assert word in text
        assert "iso23592" not in text
    # What was in the one form stays in it, with what came.
    mine = "title: A\naddress: b\nlanguage: es\nids: {standard: A}\n"
    text, _ = renewed_settings(mine, "x", "es", used)
    assert text.index("frameworks:") > text.index("ids:")
    assert format_text(text, "x", shape_of("playbook")) != text
    canonical = format_text(mine, "x", shape_of("playbook"))
    text, _ = renewed_settings(canonical, "x", "es", used)
    assert format_text(text, "x", shape_of("playbook")) == text
    own = "title: A\nframeworks: {}\n"
    assert renewed_settings(own, "x", "es", used)[0] == "title: A\nformat: 2\nframeworks: {}\n"


@pytest.mark.parametrize(("pad", "end"), [("  ", ""), ("", "...\n"), ("    ", "... # fin\n")])
def test_frameworks_stand_where_the_other_options_do(pad: str, end: str) -> None:
    """As far in as they, and before the end that a document says."""
    own = f"{pad}title: A\n{pad}teams:\n{pad}  a: {{title: B}}\n"
    text, done = renewed_settings(f"{own}{end}", "x", "es", frozenset({"servqual"}))
    assert done == ["format-2"]
    lines = text.splitlines()
    assert f"{pad}frameworks:" in lines
    assert all(line.startswith(pad) for line in lines if line and not line.startswith("..."))
    assert text.endswith(end)


def test_form_of_the_settings_is_kept_where_it_was_the_owners(tmp_path: Path) -> None:
    folder = _make_old(tmp_path / "manual", "es")
    settings = folder / "playbook/playbook.yml"
    text = settings.read_text(encoding="utf-8").replace("title: Manual", "title:   Manual", 1)
    settings.write_text(text, encoding="utf-8")
    assert run(["upgrade", str(folder)]) == 0
    after = settings.read_text(encoding="utf-8")
    assert after.replace(f"format: {FORMAT}\n", "").startswith(text)


def test_playbook_of_a_newer_format_is_told_where_it_says_so(tmp_path: Path, capsys: Printed) -> None:
    folder = _make(tmp_path / "manual", "es")
    settings = folder / "playbook/playbook.yml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(f"format: {FORMAT}", f"format: {FORMAT + 1}"),
        encoding="utf-8",
    )
    assert run(["check", str(folder)]) == 1
    assert "playbook.yml:7:9: error[format-newer]" in capsys.readouterr().out


TWINS = yaml.load((ROOT / "tests/cases/twins.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


@pytest.mark.parametrize("case", TWINS.values(), ids=TWINS.keys())
def test_another_engine_and_theme_are_named_and_nothing_else_changes(case: dict[str, str]) -> None:
    if "refused" in case:
        with pytest.raises(FormatError, match=case["refused"]):
            with_theme(with_engine(case["before"], "mkdocs.yml", "properdocs"), "mkdocs.yml", "materialx")
        return
    made = with_theme(with_engine(case["before"], "mkdocs.yml", "properdocs"), "mkdocs.yml", "materialx")
    assert made == case["after"]
    assert with_theme(with_engine(made, "mkdocs.yml", "properdocs"), "mkdocs.yml", "materialx") == made


def test_an_upgrade_moves_a_project_to_the_other_engine(tmp_path: Path, capsys: Printed) -> None:
    project = _make(tmp_path / "p", "es")
    before = _files(project)
    capsys.readouterr()
    assert run(["upgrade", str(project), "--engine", "properdocs", "--check"]) == 1
    assert _files(project) == before
    assert run(["upgrade", str(project), "--engine", "properdocs"]) == 0
    said = capsys.readouterr().out
    assert "mkdocs.yml: nombra el generador y el tema que pediste." in said
    assert "pip install properdocs" in said
    after = _files(project)
    assert [name for name in after if after[name] != before.get(name)] == ["mkdocs.yml"]
    assert "  - servicebook: {engine: properdocs}\n" in after["mkdocs.yml"]
    assert read_project(project).engine == "properdocs"
    # What was named stays through the upgrades that follow.
    assert run(["upgrade", str(project)]) == 0
    assert _files(project) == after


@pytest.mark.parametrize("link", ["servicebook.lock", ".servicebook", "CONTRIBUTING.md", "schemas"])
def test_nothing_is_written_where_a_link_leads_out(
    tmp_path: Path, capsys: Printed, monkeypatch: pytest.MonkeyPatch, link: str
) -> None:
    """Whoever upgrades a copy that somebody sent writes in it and nowhere else, and all or nothing."""
    project = _make(tmp_path / "manual", "es")
    outside = tmp_path / "outside"
    outside.mkdir()
    given = json.loads((project / "servicebook.lock").read_text("utf-8"))
    given["files"]["CONTRIBUTING.md"] = "otra cosa\n"
    (project / "servicebook.lock").write_text(json.dumps(given), "utf-8")
    if link == ".servicebook":
        (project / "CONTRIBUTING.md").write_text("mío\n", "utf-8")
    elif link == "schemas":
        shutil.rmtree(project / link)
    else:
        (project / link).unlink()
        (outside / "mine").write_text(
            "otra cosa\n" if link == "CONTRIBUTING.md" else record_text(Given("es", {}))
        )
    (project / link).symlink_to(outside / "mine" if (outside / "mine").exists() else outside)
    before = _files(outside)
    monkeypatch.chdir(project)
    assert run(["schema" if link == "schemas" else "upgrade"]) == 2
    assert "es un enlace que lleva fuera del proyecto" in capsys.readouterr().err
    assert _files(outside) == before


def test_a_mark_of_utf_8_before_a_file_that_the_engine_wrote_stands_in_nobodys_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some editors put one there when they save: the files were called broken, or somebody else's."""
    project = _make(tmp_path / "manual", "es")
    monkeypatch.chdir(project)
    assert [run(["schema"]), run(["codeowners"])] == [0, 0]
    files = [Path("servicebook.lock"), Path("schemas/standard.json"), Path(".github/CODEOWNERS")]
    before = [file.read_bytes() for file in files]
    for file in files:
        file.write_bytes(BOM_UTF8 + file.read_bytes())
    assert [run(["upgrade"]), run(["schema"]), run(["codeowners"])] == [0, 0, 0]
    assert [file.read_bytes() for file in files] == before
