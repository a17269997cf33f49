"""Nothing that the sources give is without a home: each fact stands in entries that cite its source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from servicebook.content.model.entries import Case
from servicebook.content.model.types import Model
from tests.content.library import fold, named, prose, sources_of

FACTS: list[dict[str, Any]] = yaml.load(
    Path(__file__).with_name("coverage.yml").read_text(encoding="utf-8"), yaml.CSafeLoader
)


def home(address: str) -> Model:
    """Return what an address of the coverage file names."""
    identity, _, claim = address.partition("#")
    value = named()[identity]
    if claim:
        assert isinstance(value, Case)
        return next(found for found in value.claims if found.id == claim)
    return value


def test_facts_have_keys_of_their_own() -> None:
    keys = [fact["fact"] for fact in FACTS]
    assert len(keys) == len(set(keys))
    assert len(keys) > 150


@pytest.mark.parametrize("fact", FACTS, ids=[fact["fact"] for fact in FACTS])
def test_a_fact_has_a_home_that_cites_its_source_and_says_it(fact: dict[str, Any]) -> None:
    homes = [home(address) for address in fact["homes"]]
    for address, value in zip(fact["homes"], homes, strict=True):
        assert fact["source"] in sources_of(value), f"{address} does not cite {fact['source']}"
    text = fold(" ".join(text for value in homes for _, text in prose(value)))
    assert [words for words in fact["says"] if fold(words) not in text] == []


def test_every_claim_of_a_case_is_a_fact() -> None:
    claims = {f"{e.id}#{c.id}" for e in named().values() if isinstance(e, Case) for c in e.claims}
    assert claims - {address for fact in FACTS for address in fact["homes"]} == set()
