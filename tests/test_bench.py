"""What the benchmark gives its peers, and the picture that it makes of what they took."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import bench
import bench_peers
import pytest

from servicebook.building.build import build_project
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, unprinted

_SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_has_a_bar_for_each_search_and_shows_which_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    took = {"hugo": 1.0, "material-search": 9.0, "servicebook-search": 1.5, "starlight-search": 18.0}
    runs = {
        name: [bench.Run(megabytes=50), bench.Run(seconds=seconds), bench.Run(seconds=seconds)]
        for name, seconds in took.items()
    }
    bench._draw(tmp_path / "chart.svg", 1000, runs)
    drawn = ElementTree.fromstring((tmp_path / "chart.svg").read_text(encoding="utf-8"))  # noqa: S314 - ours
    texts = [text.text for text in drawn.iter(f"{_SVG}text")]
    assert texts == [
        "Un sitio de 1,000 estándares con buscador, desde cero",
        "servicebook",
        "1.5 s (1.0 veces)",
        "MkDocs + Material",
        "9.0 s (6.0 veces)",
        "Astro Starlight",
        "18.0 s (12.0 veces)",
    ]
    bars = [(bar.get("class"), float(bar.get("width", ""))) for bar in drawn.iter(f"{_SVG}rect")]
    assert [name for name, _ in bars] == ["own", "bar", "bar"]
    assert [round(width / bars[2][1], 2) for _, width in bars] == [0.08, 0.5, 1]


def test_every_peer_gets_the_same_texts(
    make_project: MakeProject, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_peers, "HOME", tmp_path)
    project = make_project({})
    entry = project / "playbook/standards/EXT-01.yml"
    entry.write_text(
        entry.read_text("utf-8").replace("Saludar al llegar", r"Saludar «a \b» y \"c\""), "utf-8"
    )

    def build() -> None:
        with unprinted():
            build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)

    folder = bench_peers.expand(project, 3, build)
    text = (folder / "docs/estandares/ext-01.md").read_text(encoding="utf-8")
    assert text.startswith(("EXT-01", "#", "["))
    assert r"# Saludar «a \b» y \"c\"" in text
    for_hugo = (folder / "hugo/content/estandares/ext-01.md").read_text(encoding="utf-8")
    assert for_hugo == f'---\ntitle: "Saludar «a \\\\b» y \\\\\\"c\\\\\\""\n---\n{text}'
    titled = (folder / "titled/estandares/ext-01.md").read_text(encoding="utf-8")
    assert titled.split("---\n", 2)[2] == text.replace("\\", "/")
    listed = {
        name: sorted(path.relative_to(folder / name).as_posix() for path in (folder / name).rglob("*.md"))
        for name in ("docs", "titled")
    }
    assert listed["docs"] == listed["titled"]
    assert (
        len([*(folder / "hugo/content").rglob("*.md")]) == len(listed["docs"]) - 1
    )  # its home is a template


@pytest.mark.parametrize("plain", [False, True])
def test_what_is_measured_can_be_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: bool) -> None:
    """Its pages are the reference playbook's own lists, which may lead to a page that it has not."""
    monkeypatch.setattr(bench, "HOME", tmp_path)
    project = bench.make_project(3) / ("plain" if plain else "")
    with unprinted():
        build_project(project, tmp_path / "site", "mkdocs", messages_in("es"), lambda step: None)
    assert (tmp_path / "site/estandares/index.html").is_file()
    assert (tmp_path / "site/search").is_dir() is not plain
