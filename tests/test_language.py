"""What a language decides: dates, numbers, plurals and the order of titles."""

from __future__ import annotations

import datetime as dt

import pytest

from servicebook.language.dates import months_after
from servicebook.language.messages import LANGUAGES, messages_in


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "2 de noviembre de 2026"), ("en", "2 November 2026"), ("pt", "2 de novembro de 2026")],
)
def test_a_date_is_written_as_in_the_language(language: str, said: str) -> None:
    assert messages_in(language).date(dt.date(2026, 11, 2)) == said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ["3", "2.5", "1,250", "1,250.5", "-0.25", "0.333333"]),
        ("en", ["3", "2.5", "1,250", "1,250.5", "-0.25", "0.333333"]),
        ("pt", ["3", "2,5", "1.250", "1.250,5", "-0,25", "0,333333"]),
    ],
)
def test_a_number_is_written_as_in_the_language(language: str, said: list[str]) -> None:
    say = messages_in(language)
    assert [say.number(value) for value in (3.0, 2.5, 1250.0, 1250.5, -0.25, 1 / 3)] == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [0, 1, 2, 5, 1_000_000])
def test_a_count_takes_its_plural(language: str, count: int) -> None:
    """Nothing is several, also in Portuguese; a million is a form that our texts do not tell."""
    say = messages_in(language)
    form = "one" if count == 1 else "other"
    assert say("check.errors", count=count) == say.under("check.errors")[form].format(count=count)


SPANISH = ["10 minutos", "ábaco", "Acción", "nube", "Núñez", "ñandú", "«Oír»", "Zona", "Ωmega"]


def test_titles_stand_as_readers_look_for_them() -> None:
    """ñ is a letter of its own, after n; accents, capitals and signs move nothing."""
    mixed = SPANISH[4:] + SPANISH[:4]
    assert sorted(mixed, key=messages_in("es").sort_key) == SPANISH


def test_an_alphabet_without_a_letter_of_its_own_takes_it_for_an_accent() -> None:
    assert sorted(["nz", "ñb", "na"], key=messages_in("pt").sort_key) == ["na", "ñb", "nz"]


def test_composed_and_decomposed_accents_are_one() -> None:
    key = messages_in("es").sort_key
    assert key("ñandú") == key("n\u0303andu\u0301")
    assert key("ÉXITO") == key("exito")


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", 120, "2036-03-31"),
    ],
)
def test_months_after_a_day(start: str, months: int, end: str) -> None:
    assert months_after(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)
