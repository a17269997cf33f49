"""What a second reader found of each claim, in `claims.yml`; what was not found is not called certain."""

from __future__ import annotations

from pathlib import Path

import yaml

from servicebook.content.model.entries import Case
from tests.content.library import read
from tests.content.test_coverage import FACTS

# The texts that the playbook is made from; every fact of theirs stands in the coverage file.
GUIDES = {"paez", "guia-interno-externo", "cruz-2018", "cultura-interna", "narro-2022"}
RECORD = yaml.load((Path(__file__).parent / "claims.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)


def claims() -> dict[str, str]:
    """Return the confidence of every claim of a case, by the case's id and its own."""
    return {
        f"{entry.id}.{claim.id}": claim.confidence
        for entry in read().entries
        if isinstance(entry, Case)
        for claim in entry.claims
    }


def leaned_on() -> dict[str, str]:
    """Return the source of every fact that stands on a work about something else than a company's case."""
    told = {
        citation.source
        for entry in read().entries
        if isinstance(entry, Case)
        for claim in entry.claims
        for citation in claim.sources
    }
    return {fact["fact"]: fact["source"] for fact in FACTS if fact["source"] not in told | GUIDES}


def test_every_claim_was_read_by_a_second_reader() -> None:
    assert sorted(RECORD["claims"]) == sorted(claims())
    assert sorted(RECORD["facts"]) == sorted(leaned_on())
    rows = [*RECORD["claims"].values(), *RECORD["facts"].values()]
    assert {row["seen"] for row in rows} <= {"source", "elsewhere", "no"}
    assert all(row["where"].strip() for row in rows)


def test_what_was_not_found_is_not_said_with_high_confidence() -> None:
    unseen = {claim for claim, row in RECORD["claims"].items() if row["seen"] == "no"}
    assert unseen
    assert [claim for claim, confidence in claims().items() if claim in unseen and confidence == "high"] == []


def test_the_source_of_a_fact_that_was_not_found_says_so() -> None:
    notes = {source.id: source.note or "" for source in read().sources}
    silent = [
        fact
        for fact, row in RECORD["facts"].items()
        if row["seen"] == "no" and "segunda lectura" not in notes[leaned_on()[fact]]
    ]
    assert silent == []
