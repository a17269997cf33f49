"""Where the files are that come with the engine and are no code."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from servicebook.base.files import files_in

PACKAGE = Path(__file__).parents[1]
# Paper's fonts, of which the checks know which signs they have.
FONTS = PACKAGE / "paper" / "fonts"


class FontMissingError(Exception):
    """Raised when a font that comes with the engine is not in the folder where it should be."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name, folder)
        self.name = name
        self.folder = folder


def engine_files() -> Iterator[os.DirEntry[str]]:
    """Yield the files of the engine and its theme, but for what is hidden and what Python compiled."""
    for room in (PACKAGE, theme_folder()):
        yield from files_in(room, lambda inner: not inner.name.startswith(("__", ".")))


def templates_of(package: str) -> Path | None:
    """Return the folder of the templates of a package that is installed, found by name; None without it."""
    spec = find_spec(package)
    return Path(spec.origin).parent / "templates" if spec and spec.origin else None


def theme_folder() -> Path:
    """Return the folder of the components and of the theme's overrides that come with the engine."""
    installed = PACKAGE / "theme"
    # In a checkout the designers' room stands at the top level; the wheel carries it inside the package.
    return installed if installed.is_dir() else PACKAGE.parents[1] / "overrides"
