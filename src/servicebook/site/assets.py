"""Style sheets: what readers get, made of the components' parts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rcssmin import cssmin

from servicebook.content.colours import mixed, nearest
from servicebook.content.model.brand import Brand
from servicebook.content.model.declared import LevelInfo

PARTS = re.compile(r"assets/css/([^/]+)\.css")
# What the forms and the preview are made of, which no site has.
TOOLS = ("admin/", "preview/")
BUNDLE = "assets/servicebook.css"
# What only pages written by hand, checklists and pages behind a sheet's code have; a page of a standard does
# without it.
LISTS_BUNDLE = "assets/servicebook-lists.css"
_LISTS = frozenset(
    {"answers", "card", "checklist", "facets", "glossary", "home", "lineup", "matrix"}
    | {"news", "note", "on-paper", "quiz", "reference", "review_board", "searches", "trends"}
)
# The lighter of the two grounds that text has in the dark scheme (tokens.css).
_DARK_GROUND = "#1c2423"
# Tokens name what every part uses, the frame is what the theme would have drawn, and the base styles what no
# component owns, so these three come first; what paper takes away from any part comes last.
_ORDER = {"tokens": -3, "frame": -2, "base": -1, "brand": -1, "print": 1}


def bundles(parts: Mapping[str, str]) -> dict[str, str]:
    """Return the style sheets by their addresses: what every page has, and what is added for lists.

    The second one ends with the rules for paper again, which must come after whatever they take away.
    """
    every = {name: text for name, text in parts.items() if name not in _LISTS}
    lists = {name: text for name, text in parts.items() if name in _LISTS or name == "print"}
    return {BUNDLE: join_styles(every), LISTS_BUNDLE: join_styles(lists)}


def level_styles(levels: Mapping[str, LevelInfo]) -> str:
    """Return the rules that give each level the colour that the playbook declares for it."""
    return "".join(
        f'.pb-level[data-level="{name}"] {{ background: {level.colour}; }}\n'
        for name, level in levels.items()
        if level.colour
    )


def brand_styles(brand: Brand) -> str:
    """Return the rules that give pages the brand's colours and typeface, in light and dark."""
    light, dark, fonts = [], [], ""
    if brand.colour:
        deep = mixed(brand.colour, "#000000", 0.25)
        light += [f"--pb-brand:{brand.colour}", f"--pb-brand-deep:{deep}"]
        dark += [f"--pb-brand:{deep}", f"--pb-brand-deep:{mixed(brand.colour, '#000000', 0.45)}"]
    if brand.link:
        light.append(f"--pb-link:{brand.link}")
        dark.append(f"--pb-link:{nearest(brand.link, _DARK_GROUND, 4.5)}")
    if brand.accent:
        light.append(f"--pb-focus:{brand.accent}")
        dark.append(f"--pb-focus:{brand.accent}")
    if brand.font:
        fonts = (
            f'@font-face{{font-family:"Brand";src:url("../{brand_path(brand.font)}") format("woff2");'
            'font-weight:100 900;font-display:swap}\n:root{--pb-font:"Brand",system-ui,sans-serif}\n'
        )
    if not light:
        return fonts
    # The dark scheme is the screen's alone: paper is white.
    return (
        f'{fonts}body,body[data-md-color-scheme="default"]{{{";".join(light)}}}\n'
        f'@media screen{{body[data-md-color-scheme="slate"]{{{";".join(dark)}}}}}\n'
    )


def brand_path(written: str) -> str:
    """Return the address of one of the brand's files, from the site's root."""
    return f"assets/brand/{written.removeprefix('media/').replace('/', '-')}"


def join_styles(parts: Mapping[str, str]) -> str:
    """Return the parts, by name, as one style sheet without comments and spaces: tokens, frame, base, the
    rest by name, print."""
    names = sorted(parts, key=lambda name: (_ORDER.get(name, 0), name))
    return str(cssmin("".join(parts[name] for name in names)))
