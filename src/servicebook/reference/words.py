"""The sentences that a playbook can say in its own words, and what they say now."""

from __future__ import annotations

from itertools import groupby

from servicebook.content.sentences import is_sentence
from servicebook.language.messages import Messages
from servicebook.reference.told import Named, Topic


def words_of(say: Messages) -> list[Topic]:
    """Return the sentences under the first part of their keys; `say` has those that the playbook changed."""
    keys = sorted(filter(is_sentence, say.unworded))
    return [
        Topic(first, first, rows=tuple(Named(key, say.text(key)) for key in under))
        for first, under in groupby(keys, lambda key: key.partition(".")[0])
    ]
