"""Numbers as they are read."""

from __future__ import annotations


def number_text(value: float) -> str:
    """Return a number without a needless fraction, with a thin-space-free thousands comma (Mexican use)."""
    return f"{value:,.6f}".rstrip("0").rstrip(".")
