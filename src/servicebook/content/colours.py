"""Colours as a person sees them: WCAG 2.2's contrast, and the nearest colour that has enough of it."""

from __future__ import annotations

import math

Rgb = tuple[int, int, int]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written `#0f4347`, from 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def nearest(colour: str, against: str, least: float) -> str:
    """Return the colour most like `colour`, darker or lighter, with the `least` contrast to `against`."""
    if contrast(colour, against) >= least:
        return colour
    steps = (mixed(colour, end, step / 100) for step in range(1, 101) for end in ("#000000", "#ffffff"))
    return next(one for one in steps if contrast(one, against) >= least)


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with a `share` of another, from 0 to 1, in it."""
    pairs = zip(_rgb(colour), _rgb(other), strict=True)
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in pairs)


def rounded(ratio: float) -> str:
    """Return a ratio as it is told: rounded down, so that none that fails is called enough."""
    return f"{math.floor(ratio * 10) / 10:.1f}"


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (_linear(value / 255) for value in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
