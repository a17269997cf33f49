"""Style sheets: the one file that readers get, made of the components' parts."""

from __future__ import annotations

import re
from collections.abc import Mapping

PARTS = re.compile(r"assets/css/([^/]+)\.css")
# What the forms and the preview are made of, which no site has.
TOOLS = ("admin/", "preview/")
BUNDLE = "assets/servicebook.css"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
# Tokens name what every part uses, and the base styles what no component owns, so these two come first; what
# paper takes away from any part comes last.
_ORDER = {"tokens": -2, "base": -1, "print": 1}


def join_styles(parts: Mapping[str, str]) -> str:
    """Return the parts, by name, as one style sheet without its comments: tokens, base, the rest by
    name, print."""
    names = sorted(parts, key=lambda name: (_ORDER.get(name, 0), name))
    return "".join(_COMMENT.sub("", parts[name]) for name in names)
