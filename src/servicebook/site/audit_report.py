"""What saved runs tell as one page that stands alone: it can be sent, kept and printed, and runs nothing."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

from servicebook.base.resources import theme_folder
from servicebook.language.messages import Messages
from servicebook.site.assets import join_styles
from servicebook.site.templates import Components
from servicebook.views.trends import report_of

# The parts of the site's styles that a report has something of.
_STYLES = ("tokens", "base", "trends", "print")


def render_report(summary: dict[str, Any], today: dt.date, say: Messages) -> str:
    """Return the page of what `views.audits.summarise` found, complete."""
    folder = theme_folder()
    parts = {name: (folder / "assets/css" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES}
    style = join_styles(parts)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = Components((folder,), say).get_template("audit_report.html")
    return page.render(blocks=report_of(summary, say), style=style, digest=digest, today=today)
