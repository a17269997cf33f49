"""The files of the media folder: there, of the right form, not too heavy, and harmless."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from pathlib import Path

from servicebook.base.files import alike, files_in, path_below
from servicebook.base.problems import Location, Problem, Severity
from servicebook.checks.finding import problem_at
from servicebook.content.complaints import suggest
from servicebook.content.content import MEDIA_FOLDER, Content
from servicebook.content.drawings import live_piece
from servicebook.content.model.media import ATTACHMENTS, IMAGES
from servicebook.content.pictures import is_whole, size_of

Fault = tuple[str, dict[str, object]]

_ZIP = b"PK\x03\x04"
# How a file of each form begins; of a text there is nothing to say.
_FIRST = {
    ".png": b"\x89PNG\r\n\x1a\n",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".webp": b"RIFF",
    ".woff2": b"wOF2",
    ".ttf": b"\x00\x01\x00\x00",
    ".otf": b"OTTO",
    ".pdf": b"%PDF-",
    **dict.fromkeys((".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp"), _ZIP),
}


def check_media(content: Content) -> Iterator[Problem]:
    """The pictures and files of entries can be published, and a picture says how large it is."""
    for entry in content.entries:
        for name, (endings, limit) in {"images": IMAGES, "attachments": ATTACHMENTS}.items():
            for place, one in enumerate(getattr(entry, name)):
                for rule, values in faults_of(content.root, one.file, endings, limit):
                    yield problem_at(content, entry, (name, place, "file"), rule, name=one.file, **values)


def check_unnamed(content: Content) -> Iterator[Problem]:
    """A file that nothing names is not published: it was forgotten, or its name is."""
    if content.unusable or content.unfinished or content.settings is None:
        return  # what could not be read might name it
    named = {*content.settings.brand.named, *(file for one in content.entries for file in one.media)}
    # One that a misspelt name means is told there.
    named |= {_meant(name, content.root) or name for name in named if not (content.root / name).is_file()}
    for written in _files_in(content.root):
        if written not in named:
            place = Location(f"{content.shown_root}/{written}")
            yield Problem(place, "media-unnamed", {"name": written}, Severity.WARNING)


def check_names(content: Content) -> Iterator[Problem]:
    """No two files are one to another system: there, one of them would be all that is left."""
    first: dict[str, str] = {}
    for written in _files_in(content.root):
        other = first.setdefault(alike(written), written)
        if other != written:
            place = Location(f"{content.shown_root}/{written}")
            yield Problem(place, "address-shared", {"other": f"{content.shown_root}/{other}"})


def faults_of(root: Path, written: str, endings: tuple[str, ...], limit: int) -> Iterator[Fault]:
    """Find what is wrong with a file that is written below a playbook's folder; `limit` is in kilobytes."""
    path = root / written
    if path.suffix.lower() not in endings:
        yield "media-format", {"formats": ", ".join(endings)}
    elif not path.is_file():
        yield "no-media", {"suggestion": _meant(written, root)}
    elif not path.resolve().is_relative_to((root / MEDIA_FOLDER).resolve()):
        yield "media-outside", {}
    elif path.stat().st_size > limit * 1000:
        yield "media-too-large", {"kilobytes": ceil(path.stat().st_size / 1000), "limit": limit}
    else:
        yield from _faults_inside(path, endings)


def _meant(written: str, root: Path) -> str | None:
    """Return the file that one of no known name was meant for, told by what stands after the folder alone."""
    names = {name.removeprefix(f"{MEDIA_FOLDER}/"): name for name in _files_in(root)}
    return names.get(suggest(written.removeprefix(f"{MEDIA_FOLDER}/"), names) or "")


def _files_in(root: Path) -> list[str]:
    found = files_in(root / MEDIA_FOLDER, lambda inner: not inner.name.startswith("."))
    return [path_below(root, file) for file in found if file.name[0] != "."]


def _faults_inside(path: Path, endings: tuple[str, ...]) -> Iterator[Fault]:
    """Find what is wrong with what a file holds."""
    suffix, data = path.suffix.lower(), path.read_bytes()
    if suffix == ".svg" and (live := live_piece(data)):
        yield "svg-live", {"piece": live}
    elif not (b"<svg" in data if suffix == ".svg" else data.startswith(_FIRST.get(suffix, b""))):
        yield "media-other", {"format": suffix}
    elif not is_whole(path):
        yield "media-broken", {}
    elif endings == IMAGES[0] and size_of(path) is None:
        yield "media-sizeless" if suffix == ".svg" else "media-other", {"format": suffix}
