"""The style sheet that readers get: one file, made of the components' parts."""

from __future__ import annotations

import re
from collections.abc import Mapping

PARTS = re.compile(r"assets/css/([^/]+)\.css")
BUNDLE = "assets/servicebook.css"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
# Tokens name what every part uses, and the base styles what no component owns, so these two come first.
_FIRST = ("tokens", "base")


def join_styles(parts: Mapping[str, str]) -> str:
    """Return the parts, by name, as one style sheet without its comments: tokens, base, then by name."""
    names = sorted(parts, key=lambda name: (_FIRST.index(name) if name in _FIRST else len(_FIRST), name))
    return "".join(_COMMENT.sub("", parts[name]) for name in names)
