"""Where the designers' room is: components, partials and assets that come with the engine."""

from __future__ import annotations

from pathlib import Path


def theme_folder() -> Path:
    """Return the folder of the components and of the theme's overrides that come with the engine."""
    installed = Path(__file__).parent / "theme"
    # In a checkout the designers' room stands at the top level; the wheel carries it inside the package.
    return installed if installed.is_dir() else Path(__file__).parents[2] / "overrides"
