"""Sources that a reader can go to: where they stand, when they were read, and under their own titles."""

from __future__ import annotations

import re

import pytest

from servicebook.content.model.entries import Case
from servicebook.content.model.settings import Source
from tests.content.library import read

# Works that have no page to go to, and why.
ON_PAPER = {
    "paez": "a text handed over, with no address of its own",
    "cruz-2018": "a text handed over, with no address of its own",
    "cultura-interna": "a column of a printed magazine",
    "narro-2022": "a text handed over, with no address of its own",
    "michelli-2008": "a printed book",
    "liker-ogden-2011": "a printed book",
    "parasuraman-1988": "a printed journal",
    "coombs-2007": "a printed journal",
    "dixon-2013": "a printed book",
    "cleveland": "a printed book",
    "lft": "a law, cited by its articles as the official gazette prints them",
}
# Works of which only a copy without a title was seen; the note says so.
UNTITLED = {"cultura-interna", "visita-planta"}


def sources() -> list[Source]:
    """Return the bibliography."""
    return list(read().sources)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.id)
def test_a_source_on_the_web_says_where_and_when_it_was_read(source: Source) -> None:
    assert (source.url is None) == (source.id in ON_PAPER)
    assert (source.url is None) == (source.accessed is None)
    if source.accessed and source.published and re.fullmatch(r"\d{4}(-\d\d){0,2}", source.published):
        assert source.published <= source.accessed.isoformat()


def test_a_title_is_the_work_s_own_or_the_note_says_that_it_is_not() -> None:
    assert {one.id for one in sources() if one.note and "escriptivo" in one.note} == UNTITLED
    described = re.compile(r"^(?:Nota|Entrevistas|Relatos?|Comentario|Página|Columna|Historia) ")
    assert {one.id for one in sources() if described.match(one.title)} == UNTITLED


def test_pages_are_those_of_the_printed_book_and_their_note_says_so() -> None:
    books = {"michelli-2008", "liker-ogden-2011"}
    assert {one.id for one in sources() if one.note and "del libro impreso" in one.note} == books


def test_a_claim_of_high_confidence_stands_on_something_dated_or_on_two_sources() -> None:
    alone = [
        f"{case.id}#{claim.id}"
        for case in read().entries
        if isinstance(case, Case)
        for claim in case.claims
        if claim.confidence == "high"
        and claim.date == "Sin fecha"
        and len(claim.sources) < 2
        and not next(one for one in sources() if one.id == claim.sources[0].source).url
    ]
    assert alone == []


def test_a_heading_that_is_cited_is_the_work_s_own() -> None:
    """One text has no heading «Diez claves», though its keys are ten."""
    cited = {
        citation.where
        for entry in read().entries
        for citation in entry.sources
        if citation.source == "cruz-2018" and citation.where
    }
    assert cited == {"Claves para brindar un servicio de calidad al cliente interno"}
