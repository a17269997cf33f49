"""A playbook's brand: colours that can be read, files that do no harm, and where both show."""

from __future__ import annotations

import io
import json
import re
import struct
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from servicebook.building.build import build_project
from servicebook.checks.glyphs import printable
from servicebook.cli.main import run
from servicebook.content.colours import contrast, nearest
from servicebook.content.load import load_content
from servicebook.content.playbook import Playbook
from servicebook.language.messages import messages_in
from servicebook.paper.files import files_of
from tests.conftest import MakeProject, copy_project, unprinted
from tests.printed import PageReading, lefts_of, read_pdf
from tests.typeface import make_typeface

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path fill="#123" d="M0 0h8v8z"/></svg>'

TYPEFACE = make_typeface("Letra Uno", "alux水灯שלום")


def png(width: int, height: int) -> bytes:
    """Return a white PNG of this size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def branded(project: Path, brand: str, **files: bytes | str) -> Path:
    """Give a project a brand, and the files of it that are named `logo_svg`."""
    settings = project / "playbook/playbook.yml"
    settings.write_text(f"{settings.read_text(encoding='utf-8')}brand: {brand}\n", encoding="utf-8")
    media = project / "playbook/media"
    media.mkdir(exist_ok=True)
    for name, content in files.items():
        stem, _, ending = name.rpartition("_")
        data = content if isinstance(content, bytes) else content.encode()
        (media / f"{stem}.{ending}").write_bytes(data)
    return project


# --- colours --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.478), ("#ff0000", "#ffffff", 3.998)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.001)
    assert contrast(other, one) == contrast(one, other)


@pytest.mark.parametrize("against", ["#ffffff", "#f4f2ec", "#16211f", "#808080"])
@pytest.mark.parametrize("colour", ["#ffcc00", "#ff0000", "#7f7f7f", "#00ff00", "#ffffff", "#000000"])
def test_the_nearest_colour_passes_and_no_nearer_one_does(colour: str, against: str) -> None:
    least = 3.0 if against == "#808080" else 4.5
    found = nearest(colour, against, least)
    assert contrast(found, against) >= least
    if contrast(colour, against) >= least:
        assert found == colour


# --- what is refused ------------------------------------------------------------------------------------

REFUSED = [
    ("{colour: teal}", {}, "colour", "format-colour", "Se escribe con # y seis cifras"),
    ("{colour: '#ffcc00'}", {}, "colour", "brand-contrast", "el contraste es 1.5:1 y hace falta 4.5:1"),
    # 4.48 is not enough, and is not told as if it were.
    ("{colour: '#777777'}", {}, "colour", "brand-contrast", "el contraste es 4.4:1 y hace falta 4.5:1"),
    ("{link: '#1e90ff'}", {}, "link", "brand-contrast", "El más parecido que sirve es #"),
    ("{accent: '#333333'}", {}, "accent", "brand-contrast", "#16211f"),
    ("{logo: media/../x.svg}", {}, "logo", "format-media", "media/logo.svg"),
    ("{logo: /etc/passwd}", {}, "logo", "format-media", "media/logo.svg"),
    ("{logo: media/no.svg}", {}, "logo", "no-media", "No existe"),
    ("{logo: media/a.gif}", {"a_gif": b"GIF89a"}, "logo", "media-format", ".svg, .png"),
    ("{logo: media/a.png}", {"a_png": SVG}, "logo", "media-other", ".png"),
    ("{logo: media/a.svg}", {"a_svg": "<p>hola</p>"}, "logo", "media-other", ".svg"),
    ("{logo: media/a.svg}", {"a_svg": SVG + " " * 100_001}, "logo", "media-too-large", "100 KB"),
    ("{icon: media/a.png}", {"a_png": png(600, 512)}, "icon", "icon-size", "600 × 512"),
    ("{icon: media/a.png}", {"a_png": png(256, 256)}, "icon", "icon-size", "256 × 256"),
    ("{icon: media/a.png}", {"a_png": png(1024, 1024)}, "icon", "icon-size", "debe medir 512 × 512"),
    ("{font: media/a.woff2}", {"a_woff2": b"OTTO"}, "font", "media-other", ".woff2"),
    ("{fonts: [media/no.ttf]}", {}, "fonts", "no-media", "No existe"),
    ("{fonts: [media/a.woff2]}", {"a_woff2": b"wOF2"}, "fonts", "media-format", ".ttf, .otf"),
    ("{fonts: [media/a.ttf]}", {"a_ttf": b"OTTO"}, "fonts", "media-other", ".ttf"),
    ("{fonts: [media/a.ttf]}", {"a_ttf": TYPEFACE[:400]}, "fonts", "media-broken", "dañado"),
    ("{fonts: [media/a.otf]}", {"a_otf": b"OTTO" + bytes(99)}, "fonts", "media-broken", "dañado"),
    (
        "{fonts: [media/a.ttf]}",
        {"a_ttf": TYPEFACE + bytes(20_000_000)},
        "fonts",
        "media-too-large",
        "20000 KB",
    ),
]


@pytest.mark.parametrize(("brand", "files", "field", "rule", "told"), REFUSED)
def test_what_is_refused_is_told_at_its_place(
    brand: str,
    files: dict[str, bytes | str],
    field: str,
    rule: str,
    told: str,
    make_project: MakeProject,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = branded(make_project({}), brand, **files)
    lines = (project / "playbook/playbook.yml").read_text(encoding="utf-8").splitlines()
    column = lines[-1].index(f"{field}: ") + len(field) + 3 + (field == "fonts")
    for language in ("es", "en", "pt"):
        assert run(["--lang", language, "check", str(project)]) == 1
        (said,) = capsys.readouterr().out.splitlines()
        assert f"playbook/playbook.yml:{len(lines)}:{column}: error[{rule}]: " in said
        assert language != "es" or told in said


LIVE = [
    "<script>1</script>",
    "<SCRIPT href='#a'/>",
    "<svg:script>1</svg:script>",
    "<g onload='x()'/>",
    "<g ONCLICK = 'x()'/>",
    "<foreignObject/>",
    "<image href='https://example.org/a.png'/>",
    "<use xlink:href='b.svg#a'/>",
    "<a href='javascript:x()'/>",
    "<set attributeName='href' to='x'/>",
    "<animate attributeName='href'/>",
    "<style>@import 'a.css';</style>",
    "<rect fill='url(https://example.org/a)'/>",
    "<?xml-stylesheet href='a.css'?>",
    "<handler/>",
    # The same in other letters.
    "<a.b:script xmlns:a.b='http://www.w3.org/2000/svg'>1</a.b:script>",
    "<ñ:script xmlns:ñ='http://www.w3.org/2000/svg'>1</ñ:script>",
    "<x.y:animate attributeName='href'/>",
    "<g on-x.onclick='x()' a.b:onclick='x()'/>",
    "<use x.y:href='b.svg#a'/>",
    "<rect style='fill:u&#114;l(https://example.org/a)'/>",
    "<rect style='fill:u\\72l(https://example.org/a)'/>",
    "<rect style='fill:u\\rl(https://example.org/a)'/>",
    "<style>@\\69mport 'a.css';</style>",
    "<style>@im<!-- -->port 'a.css';</style>",
    "<style>p { background: image-set('https://example.org/a' 1x) }</style>",
    "<g xmlns:h='http://www.w3.org/1999/xhtml'><h:meta http-equiv='refresh' content='0;x'/></g>",
]


@pytest.mark.parametrize("piece", LIVE)
def test_a_drawing_that_runs_or_fetches_is_refused(
    piece: str, make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    project = branded(make_project({}), "{logo: media/a.svg}", a_svg=SVG.replace("<path", f"{piece}<path"))
    assert run(["check", str(project)]) == 1
    assert "error[svg-live]" in capsys.readouterr().out


def test_a_drawing_that_declares_entities_is_refused(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    declared = f"<!DOCTYPE svg [<!ENTITY a 'b'>]>{SVG}"
    project = branded(make_project({}), "{logo: media/a.svg}", a_svg=declared)
    assert run(["check", str(project)]) == 1
    assert "error[svg-live]" in capsys.readouterr().out


def test_a_drawing_that_refers_to_itself_is_taken(make_project: MakeProject) -> None:
    own = """<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#a" id="con"/>"""
    own += """<rect fill="url( '#a' )" style='stroke:url("#a")'/>"""
    own += "<?xpacket begin=''?><!-- <script> --><title>onda = ola \\f</title>"
    project = branded(make_project({}), "{logo: media/a.svg}", a_svg=SVG.replace("<path", f"{own}<path"))
    assert run(["check", "--strict", str(project)]) == 0


def test_a_drawing_in_another_encoding_is_refused(
    make_project: MakeProject, capsys: pytest.CaptureFixture[str]
) -> None:
    """A browser reads it by its mark or its head; its bytes show a drawing, and its letters a script."""
    bait = b'<svg viewBox="0 0 8 8" >'.decode("utf-16-le")
    live = SVG.replace("<path", "<script>1</script><path")
    project = branded(make_project({}), "{logo: media/a.svg}")
    for data in (
        f"\ufeff<!--{bait}-->{live}".encode("utf-16-le"),
        f"<!--{bait}-->{live}".encode("utf-16-be"),
        f"<?xml version='1.0' encoding='iso-2022-jp'?>{SVG}".encode(),
    ):
        (project / "playbook/media/a.svg").write_bytes(data)
        assert run(["check", str(project)]) == 1
        assert re.search(r"error\[(media-broken|svg-live)\]", capsys.readouterr().out)


def test_a_link_that_leaves_the_folder_is_refused(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = branded(make_project({}), "{logo: media/a.svg}")
    (tmp_path / "secret.svg").write_text(SVG, encoding="utf-8")
    (project / "playbook/media/a.svg").symlink_to(tmp_path / "secret.svg")
    assert run(["check", str(project)]) == 1
    assert "error[media-outside]" in capsys.readouterr().out


# --- where it shows -------------------------------------------------------------------------------------

BRAND = """
  colour: "#7a1f4b"
  link: "#8a2a1a"
  accent: "#9adfff"
  logo: media/logo.svg
  icon: media/icon.png
  card: media/card.png
  font: media/letter.woff2"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a playbook with a brand of its own."""
    folder = tmp_path_factory.mktemp("brand")
    font = Path(__file__).parents[1] / "overrides/assets/fonts/atkinson-hyperlegible-next.woff2"
    project = branded(
        copy_project(folder / "project", {}),
        BRAND,
        logo_svg=SVG,
        icon_png=png(512, 512),
        card_png=png(120, 63),
        letter_woff2=font.read_bytes(),
    )
    build_project(project, folder / "site", "mkdocs", messages_in("es"), lambda step: None)
    return folder / "site"


def test_a_changed_file_of_the_brand_makes_the_site_anew(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project, out = branded(make_project({}), "{logo: media/logo.svg}", logo_svg=SVG), tmp_path / "site"
    call = ["build", "--project", str(project), "--site-dir", str(out)]
    published = out / "assets/brand/logo.svg"
    with unprinted():
        assert run(call) == 0
        before = published.stat().st_ino
        assert run(call) == 0
        assert published.stat().st_ino == before  # nothing changed, and nothing was made
        (project / "playbook/media/logo.svg").write_text(SVG.replace("#123", "#456"), encoding="utf-8")
        assert run(call) == 0
    assert "#456" in published.read_text(encoding="utf-8")


def test_pages_have_the_brand(site: Path) -> None:
    page = (site / "estandares/ext-01/index.html").read_text(encoding="utf-8")
    for wanted in (
        '<meta name="theme-color" content="#7a1f4b">',
        'src="../../assets/brand/logo.svg"',
        'rel="apple-touch-icon" href="../../assets/brand/icon.png"',
        'content="https://manual.example.org/assets/brand/card.png"',
        'rel="preload" href="../../assets/brand/letter.woff2"',
    ):
        assert wanted in page
    assert {path.name for path in (site / "assets/brand").iterdir()} == {
        "logo.svg",
        "icon.png",
        "card.png",
        "letter.woff2",
    }


def test_styles_have_its_colours_in_both_schemes_after_the_engines_own(site: Path) -> None:
    for bundle in ("away.html", "p/index.html"):  # they stand outside the theme
        assert "assets/servicebook.css" in (site / bundle).read_text(encoding="utf-8")
    styles = (site / "assets/servicebook.css").read_text(encoding="utf-8")
    assert styles.index("--pb-brand:#0f4347") < styles.index("--pb-brand:#7a1f4b")
    assert '--pb-font:"Brand"' in styles
    dark = re.findall(r"--pb-link:(#[0-9a-f]{6})", styles)[-1]
    assert contrast(dark, "#1c2423") >= 4.5
    grounds = re.findall(r"--pb-brand:(#[0-9a-f]{6})", styles)[-2:]
    assert all(contrast(ground, "#ffffff") >= 4.5 for ground in grounds)


def test_the_installed_site_has_it(site: Path) -> None:
    manifest = json.loads((site / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert manifest["theme_color"] == "#7a1f4b"
    assert [icon["src"] for icon in manifest["icons"]] == ["assets/brand/icon.png"]
    kept = (site / "service-worker.js").read_text(encoding="utf-8")
    assert "assets/brand/logo.svg" in kept


def test_paper_and_spreadsheets_have_it(site: Path) -> None:
    book = site / "hojas/estandares.xlsx"
    with zipfile.ZipFile(io.BytesIO(book.read_bytes())) as parts:
        assert "FF7A1F4B" in parts.read("xl/styles.xml").decode()
    sheet = (site / "hojas/listas/apertura-a4.pdf").read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)endstream", sheet, re.DOTALL)
    drawn = b""
    for stream in streams:
        try:
            drawn += zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue  # it is not compressed
    # 7a 1f 4b, as parts of one.
    assert re.search(rb"0?\.478\d* 0?\.121\d* 0?\.294\d* (?:RG|SCN|scn|rg)", drawn)


def printed(project: Path, out: Path) -> tuple[PageReading, bytes]:
    """Return the opening list as `export` prints it: what is on its page, and its file."""
    assert run(["export", "--project", str(project), "--out", str(out), "apertura"]) == 0
    pdf = (out / "hojas/listas/apertura-a4.pdf").read_bytes()
    read = read_pdf(pdf)
    assert read.says_ua_1
    return read.pages[0], pdf


def fonts_on(page: PageReading) -> set[str]:
    """Return the fonts of a page, all of which its file holds."""
    assert all(embedded for _, embedded in page.fonts)
    return {name.partition("+")[2] for name, _ in page.fonts}


def test_signs_that_a_map_of_segments_leaves_out_are_not_drawn(tmp_path: Path) -> None:
    """OpenType's `cmap` of form 4: a glyph is told by a difference, or by its place in a list; 0 is none."""
    ends, starts = (0xE002, 0xE012, 0xFFFF), (0xE000, 0xE010, 0xFFFF)
    deltas, offsets, listed = (0x10000 - 0xE001, 0, 1), (0, 4, 0), (0x0100, 0, 7)
    segments = struct.pack(">3HH3H3H3H3H", *ends, 0, *starts, *deltas, *offsets, *listed)
    table = struct.pack(">HHHHHHH", 4, 14 + len(segments), 0, 6, 4, 1, 2) + segments
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1, 12) + table
    font = struct.pack(">LHHHH4sLLL", 0x10000, 1, 16, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap
    (tmp_path / "a.ttf").write_bytes(font)
    assert printable([tmp_path / "a.ttf"]) - printable() == {0xE000, 0xE002, 0xE010, 0xE012}


@pytest.mark.parametrize("form", [4, 12])
def test_a_map_that_claims_every_sign_many_times_is_read_once(tmp_path: Path, form: int) -> None:
    """Of a damaged font each of 8,000 ranges may be as wide as its numbers let it."""
    count = 8000
    if form == 12:
        table = struct.pack(">HHLLL", 12, 0, 0, 0, count) + struct.pack(">LLL", 0, 0xFFFFFFFF, 1) * count
    else:
        ends, rest = struct.pack(">H", 0xFFFF) * count, bytes(6 * count + 2)
        table = struct.pack(">HHHHHHH", 4, 0, 0, 2 * count, 0, 0, 0) + ends + rest
    cmap = struct.pack(">HHHHL", 0, 1, 3, 1, 12) + table
    font = struct.pack(">LHHHH4sLLL", 0x10000, 1, 16, 0, 0, b"cmap", 0, 28, len(cmap)) + cmap
    (tmp_path / "a.ttf").write_bytes(font)
    began = time.process_time()
    drawn, last = printable([tmp_path / "a.ttf"]), 0x10FFFF if form == 12 else 0xFFFE
    assert {*range(0x110000)} >= drawn >= {*range(1, last + 1)}
    assert time.process_time() - began < 30


def test_a_sheet_is_set_anew_when_a_font_beside_its_own_changes(make_project: MakeProject) -> None:
    """The typesetter takes the folders of the fonts that are named, with whatever stands there."""
    project = branded(make_project({}), "{fonts: [media/una.ttf]}", una_ttf=TYPEFACE)
    keys = set()
    for signs in ("", "alux", "alu"):
        if signs:
            (project / "playbook/media/negra.ttf").write_bytes(make_typeface("Letra Uno", signs, 700))
        playbook = Playbook(load_content(project / "playbook")[0])
        keys.add(next(file.inputs() for file in files_of(playbook, playbook.say) if file.format == "pdf"))
    assert len(keys) == 3


def test_paper_is_set_in_its_typefaces_and_shows_their_signs(
    make_project: MakeProject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = make_typeface("Letra Dos", "火")
    fonts = "{fonts: [media/una.ttf, media/otra.ttf]}"
    project = branded(make_project({}), fonts, una_ttf=TYPEFACE, otra_ttf=other)
    path = project / "playbook/checklists/apertura.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Encendí la luz", "Encendí 灯 火 שלום la luz"), encoding="utf-8")
    assert run(["check", str(project)]) == 0
    assert "unprintable" not in capsys.readouterr().out
    page, pdf = printed(project, tmp_path / "one")
    assert {"LetraUno-Regular", "LetraDos-Regular", "AtkinsonHyperlegibleNext-Regular"} <= fonts_on(page)
    # Hebrew runs from the right, within a line that runs from the left.
    lamp, fire, *hebrew = lefts_of(pdf, "灯火שלום")
    assert lamp < fire < hebrew[3] < hebrew[2] < hebrew[1] < hebrew[0]
    (project / "playbook/media/una.ttf").write_bytes(make_typeface("Letra Tres", "alux"))
    assert run(["check", str(project)]) == 0
    assert "warning[unprintable-several]" in capsys.readouterr().out
    page, _ = printed(project, tmp_path / "two")
    assert "LetraTres-Regular" in fonts_on(page)
    assert "灯" not in page.text


def test_a_playbook_without_a_brand_is_as_before(reference_site: Path) -> None:
    styles = (reference_site / "assets/servicebook.css").read_text(encoding="utf-8")
    assert '"Brand"' not in styles
    assert not (reference_site / "assets/brand").exists()
