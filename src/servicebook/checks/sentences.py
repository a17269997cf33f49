"""The playbook's own sentences: each takes the place of one that there is, and names what that one names."""

from __future__ import annotations

from collections.abc import Iterator

from servicebook.base.problems import Problem, Severity
from servicebook.content.content import Content
from servicebook.content.languages import messages_at
from servicebook.content.sentences import fault_of, values_of


def check_sentences(content: Content) -> Iterator[Problem]:
    """Yield what is wrong with the sentences under `words`."""
    settings = content.settings
    if settings is None:
        return
    say = messages_at(content.root, settings.language).with_words(content.kinds.words)
    for key, text in settings.sentences.items():
        fault = fault_of(key, text, say)
        if fault:
            place = content.locate(settings, ("words", key), fault[0] == "unknown-sentence")
            yield Problem(place, *fault)
        elif left := sorted((values_of(say.text(key)) or set()) - (values_of(text) or set())):
            values = {"values": ", ".join(f"{{{name}}}" for name in left)}
            place = content.locate(settings, ("words", key))
            yield Problem(place, "sentence-without", values, Severity.WARNING)
