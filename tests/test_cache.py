"""What is kept between runs: used as long as it is right, and worth nothing when it is not."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicebook.base import yaml_source
from servicebook.base.cache import DataCache, FileCache
from servicebook.base.resources import theme_folder
from servicebook.building.build import build_project
from servicebook.building.preview import Preview
from servicebook.content import reading
from servicebook.content.content import Content
from servicebook.content.load import load_content
from servicebook.content.project import read_project
from servicebook.language.messages import messages_in
from servicebook.site.templates import Components
from tests.conftest import MakeProject

SAY = messages_in("es")
# mkdocs.yml has no name for who only asks where the playbook is.
SAYS_HOW = ("playbook.yml", "mkdocs.yml", "")


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files whose YAML was parsed, but for those that say how the rest is read."""
    names: list[str] = []
    real = yaml_source.compose

    def compose(text: str, shown: str) -> object:
        if Path(shown).name not in SAYS_HOW:
            names.append(Path(shown).name)
        return real(text, shown)

    monkeypatch.setattr(yaml_source, "compose", compose)
    return names


def load(project: Path) -> Content:
    content, problems = load_content(project / "playbook")
    assert not problems
    return content


def data_file(project: Path) -> Path:
    return DataCache(project / "playbook")._path


def files_of(project: Path) -> list[str]:
    names = (path.name for path in (project / "playbook").rglob("*.yml"))
    return sorted(name for name in names if name not in SAYS_HOW)


def test_a_file_is_parsed_again_when_it_has_changed(make_project: MakeProject, composed: list[str]) -> None:
    project = make_project({})
    first = load(project)
    assert sorted(composed) == files_of(project)
    composed.clear()
    assert load(project) == first
    assert composed == []
    entry = project / "playbook/standards/EXT-01.yml"
    entry.write_text(entry.read_text(encoding="utf-8").replace("Saludar", "Despedirse"), encoding="utf-8")
    changed = load(project)
    assert composed == ["EXT-01.yml"]
    assert "Despedirse al llegar" in [entry.title for entry in changed.entries]


def test_a_file_that_says_how_the_rest_is_read_is_never_answered_from_before(
    make_project: MakeProject,
) -> None:
    """Not even one that was changed in place, to the same length, and given back its time."""
    project = make_project({})
    assert load(project) == load(project)
    changes = {
        "playbook/playbook.yml": ("language: es", "language: pt"),
        "mkdocs.yml": ("site_name: M", "site_name: N"),
    }
    for name, (old, new) in changes.items():
        path = project / name
        before, text = path.stat(), path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    settings = load(project).settings
    assert settings
    assert settings.language == "pt"
    known = read_project(project)
    assert (known.language, known.options["site_name"][0]) == ("pt", "N")


def damages(whole: bytes) -> Iterator[bytes]:
    """Yield what could become of a cache: cut, changed in one letter, of another engine."""
    yield b""
    yield whole[: len(whole) // 2]
    yield whole[:-1]
    yield whole.replace(b"servicebook", b"servicebooks")
    yield b"\n".join([*whole.split(b"\n")[:-2], whole.split(b"\n")[-1]])
    yield b"\xff" * 1000
    for place in range(0, len(whole), max(1, len(whole) // 40)):
        yield whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def test_a_damaged_cache_is_no_cache(make_project: MakeProject, composed: list[str]) -> None:
    project = make_project({})
    first = load(project)
    whole = data_file(project).read_bytes()
    for damaged in damages(whole):
        data_file(project).write_bytes(damaged)
        composed.clear()
        assert load(project) == first
        assert sorted(composed) == files_of(project)
        assert data_file(project).read_bytes() == whole


def test_what_an_earlier_version_of_the_reader_kept_is_no_cache(
    make_project: MakeProject, composed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer one may find a fault where that one found none."""
    project = make_project({})
    load(project)
    composed.clear()
    monkeypatch.setattr(reading, "_MAKER", "another")
    load(project)
    assert sorted(composed) == files_of(project)


def test_where_no_cache_can_be_kept_all_is_read_anew(
    make_project: MakeProject, composed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where the cache would, or the disk is one that is only read."""
    (tmp_path / "cache").write_text("", encoding="utf-8")
    monkeypatch.setattr("servicebook.base.cache.user_cache_path", lambda name: tmp_path / "cache" / name)
    project = make_project({})
    for _ in range(2):
        composed.clear()
        load(project)
        assert sorted(composed) == files_of(project)
    cache = FileCache(tmp_path)
    cache.put("one", b"1")
    cache.forget_unused()
    assert cache.get("one") is None


def test_a_file_with_a_problem_is_parsed_each_time(make_project: MakeProject) -> None:
    project = make_project({})
    entry = project / "playbook/standards/EXT-01.yml"
    entry.write_text(f"{entry.read_text(encoding='utf-8')}title: Otro\n", encoding="utf-8")
    said = [load_content(project / "playbook")[1] for _ in range(2)]
    assert [problem.rule for problem in said[0]] == ["duplicate-key"]
    assert said[0] == said[1]


def test_a_preview_leaves_the_cache_as_a_check_left_it(
    make_project: MakeProject, composed: list[str]
) -> None:
    project = make_project({})
    preview = Preview(project, SAY, lambda line: None)
    try:
        preview.start()
        entry = (project / "playbook/standards/EXT-01.yml").resolve()
        entry.write_text(entry.read_text(encoding="utf-8").replace("Saludar", "Mirar"), encoding="utf-8")
        preview.refresh({entry})
    finally:
        preview.close()
    composed.clear()
    load(project)
    assert composed == ["EXT-01.yml"]


def test_a_build_from_the_cache_is_the_same_bytes(
    make_project: MakeProject, composed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicebook.base.cache.FileCache", FileCache)  # paper too is made anew
    project = make_project({})
    for name in ("cold", "warm"):
        composed.clear()
        build_project(project, project / name, "mkdocs", SAY, lambda step: None)
    assert composed == []
    shutil.rmtree(data_file(project).parent)
    build_project(project, project / "clean", "mkdocs", SAY, lambda step: None)
    names = [path.relative_to(project / "cold") for path in (project / "cold").rglob("*") if path.is_file()]
    for other in ("warm", "clean"):
        found = [path for path in (project / other).rglob("*") if path.is_file()]
        assert len(found) == len(names)
        assert filecmp.cmpfiles(project / "cold", project / other, names, shallow=False)[1:] == ([], [])


def test_a_damaged_template_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicebook.base.cache.user_cache_path", lambda name: tmp_path / "cache")

    def said() -> str:
        module = Components((tmp_path, theme_folder()), SAY).get_template("components/uno.html").module
        return str(module)

    (tmp_path / "components").mkdir()
    (tmp_path / "components/uno.html").write_text("{{ 1 + 1 }} <b>", encoding="utf-8")
    folder = FileCache(None, "templates")._folder
    before = set(folder.iterdir()) if folder.exists() else set()
    assert said() == "2 <b>"
    (kept,) = set(folder.iterdir()) - before
    whole = kept.read_bytes()
    for damaged in damages(whole):
        kept.write_bytes(damaged)
        assert said() == "2 <b>"
        assert kept.read_bytes() == whole
