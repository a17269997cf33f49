"""What is wrong with the rules of a language that a playbook brings: of dates, answers and the thesaurus."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from math import prod
from typing import Any

from servicebook.content.complaints import suggest
from servicebook.language.answers import begins
from servicebook.language.messages import is_day_form

Fault = tuple[str, dict[str, Any]]

# Groups of words by names that a language chooses itself.
GROUPS = re.compile(r"search\.(?:synonyms|narrower|related|dangers)\.[\w-]+$")
_OF_FORMS = re.compile(r"search\.(?:synonyms|dangers)\.")
_OF_CONCEPTS = re.compile(r"search\.(?:narrower|related)\.(?P<name>[\w-]+)$")
_CONCEPT = "search.synonyms."
# As many forms as a written one may stand for: «saca/trae pistola» for two.
_MOST_FORMS = 1000


def fault_of(key: str, text: str, locale: str) -> Fault | None:
    """Return what a language's own rule breaks, with what its sentence names; None if it will do."""
    if key == "language.day" and not is_day_form(text, locale):
        return "locale-day", {"name": text}
    if key.startswith("language.answer."):
        try:
            begins(text)
        except ValueError as error:
            return "locale-pattern", {"name": key, "reason": str(error)}
    if _OF_FORMS.match(key):
        found = (_fault_of_form(form, text) for form in text.split(", "))
        return next(filter(None, found), None)
    return None


def _fault_of_form(form: str, text: str) -> Fault | None:
    """Return what is wrong with a form, as it is written in a text: «saca/trae pistola»."""
    ways = [word.split("/") for word in form.split()]
    if not ways or any(re.search(r"[^\W_]", way) is None for word in ways for way in word):
        return "locale-form-empty", {"value": text}
    if (count := prod(len(word) for word in ways)) > _MOST_FORMS:
        return "locale-form-many", {"value": form, "count": count, "most": _MOST_FORMS}
    return None


def faults_among(texts: Mapping[str, str], keys: Collection[str]) -> Iterator[tuple[str, Fault]]:
    """Yield, with its key, which of the texts names a concept that none of the keys is of."""
    concepts = {key.removeprefix(_CONCEPT) for key in keys if key.startswith(_CONCEPT)}
    for key, text in texts.items():
        if relation := _OF_CONCEPTS.match(key):
            for name in (relation["name"], *text.split(", ")):
                if name not in concepts:
                    yield key, ("locale-concept", {"name": name, "suggestion": suggest(name, concepts)})
                    break
