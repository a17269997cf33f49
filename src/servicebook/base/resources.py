"""Where the files are that come with the engine and are no code."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Paper's fonts, of which the checks know which signs they have.
FONTS = PACKAGE / "paper" / "fonts"


class FontMissingError(Exception):
    """Raised when a font that comes with the engine is not in the folder where it should be."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(name, folder)
        self.name = name
        self.folder = folder


def theme_folder() -> Path:
    """Return the folder of the components and of the theme's overrides that come with the engine."""
    installed = PACKAGE / "theme"
    # In a checkout the designers' room stands at the top level; the wheel carries it inside the package.
    return installed if installed.is_dir() else PACKAGE.parents[1] / "overrides"
