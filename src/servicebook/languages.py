"""The languages that we speak: a folder of catalogues makes one (`locale/<code>/*.yml`)."""

from __future__ import annotations

import re
from pathlib import Path

CATALOGUES = Path(__file__).parent / "locale"
DEFAULT = "es"
LANGUAGES = (DEFAULT, *sorted({path.parent.name for path in CATALOGUES.glob("*/*.yml")} - {DEFAULT}))


def spoken(code: str) -> str:
    """Return the language of ours that a locale's code names: `pt_BR.UTF-8`, `pt-BR`; else Spanish."""
    language = re.split(r"[-_.@]", code.lower())[0]
    return language if language in LANGUAGES else DEFAULT
