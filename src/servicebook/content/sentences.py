"""The sentences of the interface that a playbook says in its own words, under `words` in `playbook.yml`."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Set
from typing import Any

from servicebook.content.complaints import suggest
from servicebook.language.messages import Messages

# What is no sentence: the rules of a language and of its search, addresses, names of files and folders. The
# addresses of kinds stand under `kinds`.
_RULE = re.compile(r"(?:language|path|search|paper\.folder)\.|diff\.numbers$|.*\.file$")


def fault_of(key: str, text: str, say: Messages) -> tuple[str, dict[str, Any]] | None:
    """Return the rule that a sentence breaks, and what its own sentence names; None for one that will do.

    `say` is what is said without it.
    """
    if key not in say or not is_sentence(key):
        known = sorted(other for other in say.keys() - {key} if is_sentence(other))
        return "unknown-sentence", {"name": key, "suggestion": suggest(key, known)}
    return fault_of_values(key, text, values_of(say.text(key)) or set())


def fault_of_values(key: str, text: str, known: Set[str]) -> tuple[str, dict[str, Any]] | None:
    """Return the rule that what a text has between braces breaks, where only `known` values can be named."""
    values = values_of(text)
    if values is None:
        return "sentence-braces", {"name": key}
    if wrong := sorted(values - known):
        shown = ", ".join(f"{{{name}}}" for name in sorted(known)) or "—"
        return "sentence-value", {"value": wrong[0], "values": shown, "suggestion": suggest(wrong[0], known)}
    return None


def is_sentence(key: str) -> bool:
    """Tell whether a key of the catalogue is that of something said, which a playbook can say otherwise."""
    return not _RULE.match(key)


def values_of(text: str) -> set[str] | None:
    """Return the names between braces in a text, or None when its braces hold anything but names."""
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return None
    if any(spec or conversion or not name for _, name, spec, conversion in parts):
        return None
    return {str(name) for _, name, _, _ in parts}


def usable(words: Mapping[str, str], say: Messages) -> dict[str, str]:
    """Return the sentences that can be said: a playbook that is not checked yet may hold others."""
    return {key: text for key, text in words.items() if fault_of(key, text, say) is None}
