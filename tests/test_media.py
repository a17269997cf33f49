"""Pictures and files of entries: what is refused, and where what is taken shows."""

from __future__ import annotations

import re
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from servicebook.base.problems import ContentError
from servicebook.building.build import build_project
from servicebook.checks.media import faults_of
from servicebook.cli.main import run
from servicebook.content.model.media import ATTACHMENTS
from servicebook.content.pictures import size_of
from servicebook.language.messages import messages_in
from tests.conftest import MakeProject, copy_project
from tests.test_brand import SVG, png

ENTRY = Path(__file__).parent / "projects/minimal/playbook/standards/EXT-01.yml"


def with_media(project: Path, lines: str, files: dict[str, bytes | str]) -> Path:
    """Give the standard of a project these lines, and its media folder these files."""
    (project / "playbook/standards/EXT-01.yml").write_text(
        ENTRY.read_text(encoding="utf-8") + lines, encoding="utf-8"
    )
    for name, content in files.items():
        path = project / "playbook/media" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return project


# --- what is refused ------------------------------------------------------------------------------------

PNG = png(40, 30)
LIVE = SVG.replace("<path", "<script>1</script><path")
REFUSED: list[tuple[str, dict[str, bytes | str], str]] = [
    ("images: [{file: media/a.png}]", {"a.png": PNG}, ":26:10: error[missing]: Falta el campo «alt»."),
    ("images: [{file: media/a.png, alt: ''}]", {"a.png": PNG}, ":26:35: error[empty-required]: "),
    ("images: [{file: media/a.png, atl: x, alt: y}]", {"a.png": PNG}, "¿Quisiste decir «alt»?"),
    (
        "images: [{file: media/mostardor.png, alt: El mostrador}]",
        {"mostrador.png": PNG},
        ":26:17: error[no-media]: No existe el archivo «media/mostardor.png» en la carpeta del manual. "
        "Ponlo ahí o corrige el nombre. ¿Quisiste decir «media/mostrador.png»?",
    ),
    ("images: [{file: a.png, alt: x}]", {"a.png": PNG}, ":26:17: error[format-media]: "),
    ("images: [{file: media/../playbook.yml, alt: x}]", {}, ":26:17: error[format-media]: "),
    ("images: [{file: 'https://example.org/a.png', alt: x}]", {}, ":26:17: error[format-media]: "),
    ("images: [{file: media/a.gif, alt: x}]", {"a.gif": b"GIF89a"}, "Puede terminar en: .png, .jpg, "),
    ("images: [{file: media/a.png, alt: x}]", {"a.png": SVG}, "no es un archivo .png por dentro"),
    ("images: [{file: media/a.png, alt: x}]", {"a.png": PNG[:12]}, ":26:17: error[media-broken]: "),
    ("images: [{file: media/a.png, alt: x}]", {"a.png": PNG[:-20]}, ":26:17: error[media-broken]: "),
    (
        "images: [{file: media/a.png, alt: x}]",
        {"a.png": PNG.replace(b"IDAT", b"IDAU")},
        "error[media-broken]",
    ),
    (
        "images: [{file: media/a.jpg, alt: x}]",
        {"a.jpg": b"\xff\xd8\xff\xe0"},
        ":26:17: error[media-broken]: ",
    ),
    ("images: [{file: media/a.webp, alt: x}]", {"a.webp": b"RIFF\x99\0\0\0WEBP"}, "error[media-broken]: "),
    ("images: [{file: media/a.svg, alt: x}]", {"a.svg": SVG[:-3]}, ":26:17: error[media-broken]: "),
    ("images: [{file: media/a.png, alt: x}]", {"a.png": PNG + b"\0" * 500_000}, "el límite es 500 KB"),
    ("images: [{file: media/a.svg, alt: x}]", {"a.svg": LIVE}, ":26:17: error[svg-live]: "),
    ("images: [{file: media/a.svg, alt: x}]", {"a.svg": "<svg/>"}, ":26:17: error[media-sizeless]: "),
    ("images: media/a.png", {"a.png": PNG}, ":26:9: error[wrong-type-list]: "),
    ("attachments: [{file: media/a.exe, title: x}]", {"a.exe": b"MZ"}, "Puede terminar en: .pdf, .docx, "),
    ("attachments: [{file: media/a.pdf, title: x}]", {"a.pdf": b"hola"}, ":26:22: error[media-other]: "),
    ("attachments: [{file: media/a.pdf}]", {"a.pdf": b"%PDF-1.7"}, "Falta el campo «title»."),
]


@pytest.mark.parametrize(("line", "files", "told"), REFUSED)
def test_what_is_refused_is_told_at_its_place(
    line: str,
    files: dict[str, bytes | str],
    told: str,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = with_media(make_project({}), f"{line}\n", files)
    assert run(["--lang", "es", "check", str(project)]) == 1
    said = capsys.readouterr().out
    assert len(said.splitlines()) == 1
    assert "playbook/standards/EXT-01.yml:26:" in said
    assert told in said


def test_link_that_leaves_the_folder_is_refused(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = with_media(make_project({}), "images: [{file: media/a.png, alt: x}]\n", {"b.png": PNG})
    (tmp_path / "secret.png").write_bytes(PNG)
    (project / "playbook/media/a.png").symlink_to(tmp_path / "secret.png")
    assert run(["check", str(project)]) == 1
    assert "error[media-outside]" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "data", "limit", "found"),
    [
        ("a.PNG", PNG, 500, []),  # the case of an ending says nothing
        ("a.pdf", b"%PDF-1.7 <script>1</script>", 500, []),  # what runs in a drawing does not in a document
        ("a.png", PNG + b"\0" * (1000 - len(PNG)), 1, []),
        ("a.png", PNG + b"\0" * (1001 - len(PNG)), 1, ["media-too-large"]),
    ],
)
def test_what_is_taken_of_a_file(
    name: str, data: bytes, limit: int, found: list[str], tmp_path: Path
) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / name).write_bytes(data)
    faults = [*faults_of(tmp_path, f"media/{name}", (".png", ".pdf"), limit)]
    assert [rule for rule, _ in faults] == found
    assert all(values["kilobytes"] == 2 for rule, values in faults if rule == "media-too-large")


@pytest.mark.parametrize("ending", ATTACHMENTS[0])
def test_what_is_taken_along_is_inside_what_its_name_says(ending: str, tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    texts = {".pdf": b"%PDF-1.7", ".csv": b"a;b", ".txt": b"hola"}
    others = [] if ending in (".csv", ".txt") else ["media-other"]
    for data, found in ((texts.get(ending, b"PK\x03\x04"), []), (PNG, others)):
        (tmp_path / f"media/a{ending}").write_bytes(data)
        assert [rule for rule, _ in faults_of(tmp_path, f"media/a{ending}", *ATTACHMENTS)] == found


# --- how large a picture is -----------------------------------------------------------------------------


def jpeg(width: int, height: int) -> bytes:
    """Return the head of a JPEG of this size: a comment, then the frame."""
    frame = struct.pack(">BHHB", 8, height, width, 3)
    return b"\xff\xd8\xff\xfe\x00\x04ab\xff\xff\xc2" + struct.pack(">H", 2 + len(frame)) + frame


def after(*before: bytes) -> bytes:
    """Return the head of a JPEG whose frame comes after other segments."""
    return b"\xff\xd8" + b"".join(before) + jpeg(640, 480)[2:]


def webp(kind: bytes, size: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + size


SIZES: list[tuple[str, bytes, tuple[int, int] | None]] = [
    ("a.png", PNG, (40, 30)),
    ("a.png", PNG[:20], None),
    ("a.jpg", jpeg(640, 480), (640, 480)),
    ("a.JPEG", jpeg(3, 5), (3, 5)),
    # Tables that look like frames, marks without a length, and what is filled up.
    *(
        ("a.jpg", after(bytes((0xFF, mark, 0, 9)) + b"\0" * 7), (640, 480))
        for mark in (0xC4, 0xC8, 0xCC, 0xDB)
    ),
    *(("a.jpg", after(bytes((0xFF, mark))), (640, 480)) for mark in (0x01, 0xD0, 0xD7, 0xD8)),
    *(
        ("a.jpg", jpeg(640, 480).replace(b"\xff\xc2", bytes((0xFF, mark))), (640, 480))
        for mark in (0xC0, 0xC1, 0xC3, 0xC5, 0xCF)
    ),
    ("a.jpg", after(b"\xff\xff\xff"), (640, 480)),
    ("a.jpg", b"\xff\xd8\xff\xe0\x00\x04ab", None),
    ("a.jpg", b"\xff\xd8\xff\xd9", None),
    ("a.webp", webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 640, 480 | 0x4000)), (640, 480)),
    ("a.webp", webp(b"VP8L", b"\x2f" + struct.pack("<I", 639 | 479 << 14)), (640, 480)),
    ("a.webp", webp(b"VP8X", b"\0\0\0\0\x7f\x02\0\xdf\x01\0"), (640, 480)),
    ("a.webp", webp(b"ABCD", b"\0" * 20), None),
    ("a.svg", b'<svg viewBox="0 0 80.4 40"/>', (80, 40)),
    ("a.svg", b'<?xml version="1.0"?><svg width="100%" height="1" viewBox="-1,-1 8 6">', (8, 6)),
    ("a.svg", b'<svg width="12" height="9px">', (12, 9)),
    ("a.svg", b'<svg stroke-width="12" height="9px">', None),
    ("a.svg", b'<svg width="0" height="9">', None),
    ("a.svg", b"<p>", None),
]


@pytest.mark.parametrize(("name", "data", "size"), SIZES)
def test_size_is_read_from_the_head(
    name: str, data: bytes, size: tuple[int, int] | None, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    assert size_of(tmp_path / name) == size


# --- where it shows -------------------------------------------------------------------------------------

LINES = """images:
  - file: media/sala/mostrador.png
    alt: 'El mostrador & la "fila", desde la entrada'
    caption: Aquí se *saluda*.
  - file: media/flecha.svg
    alt: Una flecha
attachments:
  - file: media/formato.pdf
    title: Formato de devolución
"""
FILES: dict[str, bytes | str] = {
    "sala/mostrador.png": PNG,
    "flecha.svg": SVG,
    "formato.pdf": b"%PDF-1.7 formato",
    "borrador.png": png(9, 9),
    "de-nadie.png": PNG,
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a playbook with pictures; one of them is a draft's."""
    folder = tmp_path_factory.mktemp("media")
    draft = ENTRY.read_text(encoding="utf-8").replace("EXT-01", "EXT-02")
    draft += "status: draft\nimages: [{file: media/borrador.png, alt: x}]\n"
    project = copy_project(folder / "project", {"playbook/standards/EXT-02.yml": draft})
    with_media(project, LINES, FILES)
    build_project(project, folder / "site", "mkdocs", messages_in("es"), lambda step: None)
    return folder / "site"


def test_page_has_pictures_and_files(site: Path) -> None:
    page = (site / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    for wanted in (
        '<img src="../../media/sala/mostrador.png" alt="El mostrador &amp; la &#34;fila&#34;, desde la '
        'entrada" width="40" height="30" loading="lazy" decoding="async">',
        "<figcaption>Aquí se <em>saluda</em>.</figcaption>",
        '<img src="../../media/flecha.svg" alt="Una flecha" width="8" height="8"',
        '<a href="../../media/formato.pdf" download>Formato de devolución (PDF)</a>',
        'href="#images"',
    ):
        assert wanted in page


def test_only_what_is_published_is_there_and_kept_offline(site: Path) -> None:
    published = {path.relative_to(site).as_posix() for path in (site / "media").rglob("*.*")}
    assert published == {"media/sala/mostrador.png", "media/flecha.svg", "media/formato.pdf"}
    worker = (site / "service-worker.js").read_text(encoding="utf-8")
    assert all(f'"{path}":' in worker for path in published)
    assert (site / "media/formato.pdf").read_bytes() == b"%PDF-1.7 formato"


def test_data_and_markdown_have_them(site: Path) -> None:
    text = (site / "estandares/ext-01/index.md").read_text(encoding="utf-8")
    address = "https://manual.example.org/media"
    assert f'![El mostrador & la "fila", desde la entrada]({address}/sala/mostrador.png) Aquí se' in text
    assert f"[Formato de devolución]({address}/formato.pdf)" in text
    data = (site / "estandares/ext-01/index.json").read_text(encoding="utf-8")
    assert '"attachments":[{"file":"media/formato.pdf","title":"Formato de devolución"}]' in data


def test_book_prints_pictures_with_what_they_show(site: Path) -> None:
    (book,) = site.rglob("*manual*-a4.pdf")
    data = book.read_bytes()
    assert data.count(b"/Subtype/Image") + data.count(b"/Subtype /Image") >= 1
    assert b"/Alt" in data


def test_workbook_of_standards_is_none_the_worse(site: Path) -> None:
    with zipfile.ZipFile(BytesIO((site / "hojas/estandares.xlsx").read_bytes())) as book:
        assert "EXT-01.saludo" in book.read("xl/sharedStrings.xml").decode()


# --- beside the entries ---------------------------------------------------------------------------------


def test_page_written_by_hand_has_pictures_of_its_own(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    """Markdown's own: the file stands beside the page, and one that is not there is told at its line."""
    project = make_project({"docs/visita.md": "# Visita\n\n![El mostrador](mostrador.png)\n"})
    assert run(["--lang", "es", "build", "--project", str(project)]) == 1
    told = "docs/visita.md:3:1: error[dead-link]: El enlace «mostrador.png» no lleva a ninguna página"
    said = capsys.readouterr()
    assert told in said.out + said.err
    (project / "docs/mostrador.png").write_bytes(PNG)
    assert run(["build", "--project", str(project)]) == 0
    page = (project / "site/visita/index.html").read_text(encoding="utf-8")
    assert re.search(r'<img alt="El mostrador" src="\.\./mostrador\.png"\s*/?>', page)
    assert (project / "site/mostrador.png").read_bytes() == PNG


def test_file_that_no_entry_names_is_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = with_media(
        make_project({}),
        "images: [{file: media/a.png, alt: x}]\n",
        {"a.png": PNG, "sala/de-nadie.png": PNG, ".oculto": "x"},
    )
    assert run(["--lang", "es", "check", str(project)]) == 0
    (said,) = capsys.readouterr().out.splitlines()
    assert said.endswith(
        "playbook/media/sala/de-nadie.png:1:1: warning[media-unnamed]: Ninguna ficha nombra "
        "«media/sala/de-nadie.png», así que no se publica. Nómbralo o quítalo."
    )
    # A draft that cannot be read yet may name it.
    (project / "playbook/standards/EXT-07.yml").write_text(
        "id: EXT-07\ntitle: x\nstatus: draft\n", encoding="utf-8"
    )
    assert run(["check", "--strict", str(project)]) == 0


def test_two_files_that_another_system_takes_for_one_are_told(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    """There the one that is written later is all that is left; it takes no such file system to tell."""
    names = ("Foto.png", "foto.png", "ma\u0301s.png", "m\u00e1s.png", "sub/a.png", "SUB/a.png")
    files: dict[str, bytes | str] = dict.fromkeys(names, PNG)
    lines = "images: [" + ", ".join(f"{{file: media/{name}, alt: x}}" for name in names) + "]\n"
    project = with_media(make_project({}), lines, files)
    assert run(["check", str(project), "--lang", "es"]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "address-shared" in line]
    media = f"{project / 'playbook'}/media"
    assert [line.partition(" ")[0].removeprefix(f"{media}/") for line in told] == [
        "foto.png:1:1:",
        "m\u00e1s.png:1:1:",
        "sub/a.png:1:1:",
    ]
    assert f"{media}/Foto.png." in told[0]


def test_a_file_among_the_pages_is_not_lost_to_one_of_an_entry(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = make_project({"docs/media/A.png": "x"})
    with_media(project, "images: [{file: media/a.png, alt: x}]\n", {"a.png": PNG})
    assert run(["check", str(project)]) == 1
    assert "docs/media/A.png:1:1: error[hidden-by-site]" in capsys.readouterr().out
    with pytest.raises(ContentError):
        build_project(project, Path("site"), "mkdocs", messages_in("es"), lambda step: None)
