"""The live preview: what a save changes, what a mistake shows, and what is left after hundreds of saves."""

from __future__ import annotations

import filecmp
import gc
import json
import random
import socket
import struct
import threading
import tracemalloc
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from servicebook.building.build import build_project
from servicebook.building.builder import SiteBuilder
from servicebook.building.preview import Preview
from servicebook.building.server import Server
from servicebook.cli.main import run
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject

SAY = messages_in("es")
STANDARD = "playbook/standards/EXT-01.yml"
PAGE = "estandares/ext-01/index.html"


class Desk:
    """A project open in the preview, and the hands that edit it."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.said: list[str] = []
        self.preview = Preview(project, SAY, self.said.append)
        self.preview.start()

    def save(self, name: str, text: str | None) -> None:
        """Write a file (or delete it, for None) and let the preview see it."""
        self.burst({name: text})

    def burst(self, files: Mapping[str, str | None]) -> None:
        """Write or delete several files before the preview sees any of them."""
        paths = {(self.project / name).resolve(): text for name, text in files.items()}
        for path, text in paths.items():
            if text is None:
                path.unlink(missing_ok=True)
            else:
                path.write_text(text, encoding="utf-8")
        self.preview.refresh(set(paths))

    def page(self, name: str = PAGE) -> str:
        return (self.preview.folder / name).read_text(encoding="utf-8")

    def text(self, name: str) -> str:
        return (self.project / name).read_text(encoding="utf-8")


@pytest.fixture
def desk(make_project: MakeProject) -> Iterator[Desk]:
    project = make_project({})
    # The index is made after readers have their page; what these tests watch is the page.
    settings = project / "mkdocs.yml"
    plain = settings.read_text(encoding="utf-8").replace(
        "- servicebook\n", "- servicebook: {search: false, paper: false}\n"
    )
    settings.write_text(plain, encoding="utf-8")
    opened = Desk(project)
    yield opened
    opened.preview.close()


def test_a_saved_entry_is_on_its_page_and_on_those_that_show_it(desk: Desk) -> None:
    folder = desk.preview.folder
    desk.save(STANDARD, desk.text(STANDARD).replace("Saludar al llegar", "Saludar de pie"))
    assert "Saludar de pie" in desk.page()
    assert "Saludar de pie" in desk.page("clientes/vip/index.html")
    assert "Saludar de pie" in desk.page("index.html")
    assert "Saludar de pie" in desk.page("playbook.json")
    assert desk.preview.folder == folder, "the site was made anew for one entry"


def test_a_retired_entry_names_what_replaces_it_as_that_is_called_now(desk: Desk) -> None:
    retired = desk.text(STANDARD).replace("EXT-01", "EXT-09").replace("title:", "replaced_by: EXT-01\ntitle:")
    desk.save("playbook/standards/EXT-09.yml", f"status: retired\n{retired}")
    assert "Saludar al llegar" in desk.page("estandares/ext-09/index.html")
    folder = desk.preview.folder
    desk.save(STANDARD, desk.text(STANDARD).replace("Saludar al llegar", "Saludar de pie"))
    assert desk.preview.folder == folder, "the site was made anew for one entry"
    assert "Saludar de pie" in desk.page("estandares/ext-09/index.html")


def test_a_picture_that_was_drawn_anew_and_an_edition_are_seen(desk: Desk) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"/>'
    picture = "playbook/media/salas/mostrador.svg"
    (desk.project / picture).parent.mkdir(parents=True)
    shown = f"{desk.text(STANDARD)}images: [{{file: media/salas/mostrador.svg, alt: El mostrador}}]\n"
    desk.burst({picture: drawing, STANDARD: shown})
    assert 'width="8" height="8"' in desk.page()
    desk.save(picture, drawing.replace("8 8", "16 9"))
    assert 'width="16" height="9"' in desk.page()
    assert "0 0 16 9" in desk.page("media/salas/mostrador.svg")
    settings = "playbook/playbook.yml"
    desk.save(
        settings, desk.text(settings).replace('name: "1", date: 2026-11-22', "name: dos, date: 2026-11-26")
    )
    assert "pb-badge--new" not in desk.page()
    (desk.project / "playbook/editions").mkdir()
    desk.save("playbook/editions/uno.yml", "name: uno\ndate: 2026-11-22\nitems: {}\nentries: {}\n")
    assert "pb-badge--new" in desk.page()


def test_a_sentence_of_the_language_that_the_playbook_brings_is_seen(desk: Desk) -> None:
    catalogue, settings = "playbook/locale/fr/mine.yml", "playbook/playbook.yml"
    french = "language: {locale: fr_FR}\nstandard: {verification: Comment vérifier}\n"
    (desk.project / catalogue).parent.mkdir(parents=True)
    config = desk.text("mkdocs.yml").replace("  language: es\n", "")
    spoken = desk.text(settings).replace("language: es\n", "language: fr\n")
    desk.burst({"mkdocs.yml": config, catalogue: french, settings: spoken})
    page = "standards/ext-01/index.html"
    assert "Comment vérifier" in desk.page(page)
    desk.save(catalogue, french.replace("Comment vérifier", "Vérification"))
    assert "Vérification" in desk.page(page)
    desk.save("playbook/locale/fr/more.yml", "standard: {do: Ce que tu fais}\n")
    assert "Ce que tu fais" in desk.page(page)


def test_a_saved_page_and_a_new_component_are_seen(desk: Desk) -> None:
    desk.save("docs/index.md", desk.text("docs/index.md") + "\nUn párrafo nuevo.\n")
    assert "Un párrafo nuevo." in desk.page("index.html")


def test_a_broken_file_shows_its_problems_and_mending_it_brings_the_page_back(desk: Desk) -> None:
    good = desk.text(STANDARD)
    # A warning stops nothing: among what is to be mended nobody has to look past it.
    warned = "playbook/customers/vip.yml"
    desk.burst({STANDARD: good + "sobra: 1\n", warned: "\ufeff" + desk.text(warned)})
    assert [problem.rule for problem in desk.preview.problems] == ["unknown-field"]
    assert "EXT-01.yml:26:1" in desk.preview.page_of_problems()
    assert any("«sobra»" in line for line in desk.said)
    desk.save(STANDARD, good)
    assert desk.preview.problems == []
    assert "Saludar al llegar" in desk.page()


def test_the_index_is_made_anew_once_for_what_was_saved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(SiteBuilder, "update_search", lambda builder: made.append(desk.page()))
    for title in ("Saludar al llegar", "Saludar de pie"):
        desk.save(STANDARD, desk.text(STANDARD).replace("Saludar al llegar", title))
        for _ in range(2):
            desk.preview.refresh_search()
    assert len(made) == 2
    assert "Saludar de pie" in made[-1]


def test_a_page_that_calls_what_is_gone_says_so(desk: Desk) -> None:
    desk.save("docs/index.md", '# Inicio\n\n{{ standard("EXT-99") }}\n')
    (problem,) = desk.preview.problems
    assert (problem.rule, str(problem.location)) == ("unknown-reference", "docs/index.md:3:1")


def test_the_browser_is_told_of_problems_and_of_new_versions(desk: Desk) -> None:
    server = Server(desk.preview, 0)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/estandares/ext-01/"
    try:
        with urllib.request.urlopen(address) as answer:
            assert "_servicebook/reload.js" in answer.read().decode()
        version = desk.preview.version
        desk.save(STANDARD, desk.text(STANDARD) + "sobra: 1\n")
        assert desk.preview.wait(version, 0) != version
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(address)
        assert refused.value.code == 503
        assert "El campo «sobra» no existe aquí." in refused.value.read().decode()
        refused.value.close()
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served(desk: Desk) -> Iterator[int]:
    """Serve the preview of a project and give its port."""
    server = Server(desk.preview, 0)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def test_a_sheet_is_made_when_it_is_asked_for(desk: Desk) -> None:
    data = json.loads(desk.page("playbook.json"))
    path = next(entry["pdf"] for entry in data["entries"] if entry["kind"] == "checklist")
    with served(desk) as port, urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.read().startswith(b"%PDF")


def test_the_page_that_a_sheet_leads_to_tells_of_what_was_saved_last(desk: Desk) -> None:
    assert run(["edition", "1", "--project", str(desk.project)]) == 0
    desk.preview.refresh({(desk.project / "mkdocs.yml").resolve()})
    folder = desk.preview.folder
    with served(desk) as port:

        def page() -> str:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/p/apertura/?e=1") as answer:
                assert answer.headers["Content-Type"].startswith("text/html")
                text: str = answer.read().decode()
                return text

        before = page()
        assert "_servicebook/reload.js" in before
        assert 'data-pb-change="EXT-01.saludo"' not in before
        desk.save(STANDARD, desk.text(STANDARD).replace("Saludé a quien llegó.", "Saludé de pie."))
        assert desk.preview.folder == folder, "the site was made anew for one entry"
        after = page()
        assert 'data-pb-change="EXT-01.saludo"' in after
        assert "Saludé de pie." in after
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/p/no-hay/")
        assert refused.value.code == 404
        # As a host says it: in the playbook's language, and loaded again once the page is there.
        lost = refused.value.read().decode()
        assert '<html lang="es"' in lost
        assert "data-pb-lost" in lost
        assert "_servicebook/reload.js" in lost
        assert 'href="/estandares/"' in lost
        refused.value.close()


def test_two_hundred_saves_leave_the_site_of_a_clean_build_and_no_memory_behind(desk: Desk) -> None:
    dice = random.Random(7)  # noqa: S311 - a course of edits to repeat, not a secret
    good = desk.text(STANDARD)
    other, renamed = (good.replace("EXT-01", id_) for id_ in ("EXT-02", "EXT-03"))
    second, third = (f"playbook/standards/{id_}.yml" for id_ in ("EXT-02", "EXT-03"))
    early = 0
    for turn in range(200):
        # To count slows down, and is steady by the hundredth turn if it begins some turns before.
        if turn == 60:
            tracemalloc.start()
        match dice.randrange(8 if turn % 10 == 0 else 4):
            case 0 | 1:
                desk.save(STANDARD, good.replace("Mira y saluda.", f"Mira y saluda {turn}."))
            case 2:
                desk.save(STANDARD, good[: dice.randrange(len(good))])
            case 3:
                desk.save(STANDARD, good.replace("owner: servicio", "owner: nadie"))
            case 4:
                desk.save(second, other)
            case 5:
                desk.save(second, None)
            case 6:
                desk.burst({second: None, third: renamed.replace("title:", "former_ids: [EXT-02]\ntitle:")})
            case _:
                page = desk.text("docs/index.md")
                desk.burst({STANDARD: good, second: other, third: None, "docs/index.md": f"{page}\n{turn}\n"})
        if turn == 100:
            gc.collect()
            early = tracemalloc.get_traced_memory()[0]
    gc.collect()
    late = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    desk.burst({STANDARD: good, second: None, third: renamed})
    assert late < early + 4_000_000
    clean = desk.project / "clean"
    build_project(desk.project, clean, "mkdocs", SAY, lambda step: None)
    # A preview does not keep itself for reading without a connection, nor a list of what it made.
    own = {"service-worker.js", "manifest.webmanifest", ".servicebook-files.json"}
    files = [str(path.relative_to(clean)) for path in clean.rglob("*") if path.is_file()]
    files = [name for name in files if name not in own]
    _, different, missing = filecmp.cmpfiles(clean, desk.preview.folder, files, shallow=False)
    assert (different, missing) == ([], [])


# --- whatever is asked, whatever breaks ------------------------------------------------------------------


def answer_of(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.", "", "[::2]"]
)
def test_a_name_of_another_that_leads_here_is_refused(desk: Desk, host: str) -> None:
    with served(desk) as port:
        said = answer_of(port, f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        assert said.split()[1] == b"421"
        assert b"Saludar" not in said
        for ours in (f"127.0.0.1:{port}", f"localhost:{port}", "LOCALHOST"):
            said = answer_of(port, f"GET / HTTP/1.0\r\nHost: {ours}\r\n\r\n".encode())
            assert said.split()[1] == b"200", ours


ODD_PATHS = [
    "//",
    "/%00",
    "/%ff",
    "/..%2f..%2fetc/passwd",
    "/" + "a" * 5000,
    "/a/../..",
    "/%2e%2e/",
    "/\\x",
    "/?",
    "/#",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_odd_paths_are_answered(desk: Desk, capsys: pytest.CaptureFixture[str], method: str) -> None:
    with served(desk) as port:
        for path in ODD_PATHS:
            said = answer_of(port, f"{method} {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
            assert said.split()[1] in (b"200", b"301", b"404", b"414", b"501"), path
            assert b"root:" not in said
        for _ in range(300):
            # A reader who reloads before the page is there.
            with socket.create_connection(("127.0.0.1", port)) as connection:
                connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        assert answer_of(port, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").split()[1] == b"200"
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("main.py", "def define_env(env):\n    raise KeyError('roto')\n", "main.py:2"),
        ("main.py", "def define_env(env:\n", "main.py"),
        ("tema/main.html", "{% if %}", "tema/main.html:1"),
        ("tema/main.html", "{{ nada.de.nada }}", "tema/main.html"),
        ("gancho.py", "def on_env(env, config, files):\n    return 1 / 0\n", "gancho.py:2"),
        ("mkdocs.yml", "site_name: [\n", "mkdocs.yml"),
        (
            "mkdocs.yml",
            "site_name: x\ntheme: material\nnav: {a: 1}\nplugins: [servicebook, macros]\n",
            "yml:3:6",
        ),
    ],
)
def test_code_of_a_project_that_fails_is_told_and_mending_it_brings_the_page_back(
    desk: Desk, name: str, text: str, said: str
) -> None:
    settings = desk.text("mkdocs.yml")
    (desk.project / "tema").mkdir()
    used = settings.replace("theme:\n", "theme:\n  custom_dir: tema\n") + "hooks: [gancho.py]\n"
    desk.burst({"mkdocs.yml": used, "gancho.py": "X = 1\n"})
    assert desk.preview.failure == ""
    good = desk.text(name) if (desk.project / name).exists() else None
    desk.save(name, text)
    places = [str(problem.location) for problem in desk.preview.problems]
    assert said in " ".join([desk.preview.failure, *places])
    assert "Traceback" not in desk.preview.page_of_problems()
    desk.save(name, good)
    assert (desk.preview.failure, desk.preview.problems) == ("", [])


def test_an_error_that_nobody_foresaw_is_told_and_the_preview_lives_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            raise ZeroDivisionError

        patch.setattr("servicebook.building.builder.build", fail)
        desk.save("docs/index.md", desk.text("docs/index.md"))
    assert "Los detalles están en" in desk.preview.failure
    desk.save("docs/index.md", desk.text("docs/index.md") + "\nYa.\n")
    assert "Ya." in desk.page("index.html")
