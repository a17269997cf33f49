"""What a language decides: dates, numbers, plurals and the order of titles."""

from __future__ import annotations

import datetime as dt
import errno
import re
import tempfile
from pathlib import Path

import pytest

from servicebook import __version__
from servicebook.base.problems import Location, Problem
from servicebook.cli.main import run
from servicebook.language import messages
from servicebook.language.dates import months_after
from servicebook.language.messages import (
    LANGUAGES,
    Messages,
    language_named,
    language_of,
    messages_in,
    on_one_line,
    spoken,
)


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


@pytest.mark.parametrize(
    ("day", "months"), [("9998-06-15", 24), ("9990-01-01", 120), ("9999-12-31", 1), ("2026-01-01", 12 * 9000)]
)
def test_no_day_is_past_the_calendar(day: str, months: int) -> None:
    assert months_after(dt.date.fromisoformat(day), months) == dt.date.max


def test_the_last_years_of_the_calendar_are_days_as_any() -> None:
    assert months_after(dt.date(9990, 1, 31), 1) == dt.date(9990, 2, 28)
    assert months_after(dt.date(9996, 1, 1), 12) == dt.date(9997, 1, 1)
    assert months_after(dt.date(9997, 12, 1), 11) == dt.date(9998, 11, 1)
    assert months_after(dt.date(9998, 6, 15), 12) == dt.date(9999, 6, 15)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "es"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "pt_BR"}, "pt"),
        ({"LANG": "en_US", "LC_MESSAGES": "pt_BR", "LC_ALL": "es_MX@euro"}, "es"),
        ({"LC_ALL": "", "LANG": "PT-br"}, "pt"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "en_US"}, "es"),
        ({"LANG": "C.UTF-8"}, "es"),
    ],
)
def test_the_locale_asks_for_a_language(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "lunes 2 de noviembre"), ("en", "Monday 2 November"), ("pt", "segunda-feira, 2 de novembro")],
)
def test_a_day_that_is_near_is_named_without_its_year(language: str, said: str) -> None:
    assert messages_in(language).day(dt.date(2026, 11, 2)) == said


@pytest.mark.parametrize(
    ("language", "share", "limit"),
    [
        ("es", "80\N{NO-BREAK SPACE}%", "Mínimo 80\N{NO-BREAK SPACE}%"),
        ("en", "80%", "80% at least"),
        ("pt", "80%", "No mínimo 80%"),
    ],
)
def test_a_per_cent_is_written_as_the_language_writes_it(language: str, share: str, limit: str) -> None:
    say = messages_in(language)
    assert say.quantity("80", "%") == share
    assert say.limit("least", "80", "%") == limit
    assert say.quantity("80", "x") == "80 x"
    assert say.limit("exactly", "80", "x") == "80 x"


def test_a_spreadsheet_gets_numbers_without_groups() -> None:
    told = {language: messages_in(language).number(1250.5, grouped=False) for language in LANGUAGES}
    assert told == {"es": "1250.5", "en": "1250.5", "pt": "1250,5"}


def test_catalogues_are_read_again_when_one_of_their_files_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "_FOLDER", tmp_path)
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "a.yml").write_text("uno:\n  dos: Tres\n  cuatro: {cinco: Seis}\n", encoding="utf-8")
    for _ in range(2):
        assert Messages("xx").under("uno") == {"dos": "Tres", "cuatro.cinco": "Seis"}
    (folder / "a.yml").write_text("uno: {dos: Otro texto}\n", encoding="utf-8")
    (folder / "b.yml").write_text("dos: B\n", encoding="utf-8")
    assert Messages("xx").keys() == {"uno.dos", "dos"}
    assert Messages("xx")("uno.dos") == "Otro texto"


@pytest.mark.parametrize("kept_in", ["cache", "tmp", None])
def test_what_nobody_foresaw_is_told_in_a_sentence_and_its_details_in_a_file(
    kept_in: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("raro" if kept_in is None else "raró \udcff")

    taken = tmp_path / "taken"
    taken.touch()
    (tmp_path / "tmp").mkdir()
    cache = tmp_path / "cache" if kept_in == "cache" else taken
    monkeypatch.setattr("servicebook.language.crashes.user_cache_path", lambda name: cache / name)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp" if kept_in else taken))
    monkeypatch.setattr("servicebook.cli.commands.check._find_problems", fail)
    assert run(["check", str(tmp_path), "--lang", "es"]) == 3
    said = capsys.readouterr().err
    assert "Traceback" not in said
    if kept_in is None:
        assert "(RuntimeError: raro), y no se pudieron escribir los detalles." in said
        return
    home = cache / "servicebook/errors" if kept_in == "cache" else tmp_path / "tmp"
    (file,) = home.iterdir()
    assert str(file) in re.sub(r"\s*\n\s*", "", said)
    told = file.read_text(encoding="utf-8")
    assert told.startswith(f"servicebook {__version__}\nTraceback")
    assert told.endswith("RuntimeError: raró \\udcff\n")


def test_a_language_is_named_by_its_code_alone() -> None:
    assert [spoken(code) for code in ("pt-BR", "fr", "")] == ["pt", "es", "es"]
    assert [language_named(code) for code in ("pt-BR", "en.utf8", "es@x", "fr", "")] == [
        "pt",
        "en",
        "es",
        None,
        None,
    ]
    assert LANGUAGES[0] == "es"
    assert list(LANGUAGES[1:]) == sorted(LANGUAGES[1:])


def test_what_a_file_says_is_told_on_one_line_cut_where_it_is_too_long() -> None:
    assert on_one_line("a\n\tb\u001b[31m  c") == "a b [31m c"
    assert on_one_line("a" * 500) == "a" * 500
    assert on_one_line("a" * 501) == "a" * 500 + "…"


def problem(rule: str, **values: object) -> Problem:
    return Problem(Location("playbook.yml"), rule, values)


def test_what_was_meant_is_said_by_its_name_for_people_first() -> None:
    say = messages_in("es")
    label = say("label.statement")
    fields = "title, statement, intent"
    told = say.explain(problem("unknown-field", field=label.upper(), fields=fields, suggestion="title"))
    assert told.endswith(say("problem.did-you-mean", suggestion="statement"))
    told = say.explain(problem("unknown-field", field="titel", fields=fields, suggestion="title"))
    assert told.endswith(say("problem.did-you-mean", suggestion="title"))
    told = say.explain(problem("unknown-field", field="xyz", fields=fields, suggestion=None))
    assert told.endswith(say("problem.fields-here", field="xyz", fields=fields))
    told = say.explain(
        problem("choice", field="level", value="Esperado", choices="essential, expected", suggestion=None)
    )
    assert told.endswith(say("problem.did-you-mean", suggestion="expected"))
    told = say.explain(
        problem("choice", field="level", value="zzz", choices="essential, expected", suggestion=None)
    )
    assert told == say("problem.choice", field="level", value="zzz", choices="essential, expected")


def test_values_are_said_as_a_reader_says_them() -> None:
    say = messages_in("es")
    assert say._spoken("due", dt.date(2026, 11, 2)) == "2 de noviembre de 2026"
    assert say._spoken("kind", "standard") == say("name.standard")
    assert say._spoken("vocabulary", "propio") == "propio"
    assert say._spoken("found", "list") == say("name.list")
    assert say._spoken("reason", "EACCES") == say("reason.EACCES")
    assert say._spoken("value", "a\nb") == "a b"
    assert say._spoken("count", 3) == 3
    assert say.reason("ENONE") == "ENONE"
    assert say.refusal(PermissionError(errno.EACCES, "x")) == say("reason.EACCES")
    assert say.refusal(OSError("raro")) == "raro"


def test_own_words_stand_in_for_sentences_and_are_another_catalogue() -> None:
    say = messages_in("es")
    other = say.with_words({"kind.customer": "Pacientes", "kind.propio": "Propios"})
    assert (other("kind.customer"), other("kind.propio"), say("kind.customer")) == (
        "Pacientes",
        "Propios",
        say.text("kind.customer"),
    )
    assert "kind.propio" in other
    assert "kind.propio" not in say
    assert other.under("kind")["propio"] == "Propios"
    assert "propio" not in say.under("kind")
    assert other.digest != say.digest
    assert say.with_words({}) is say
    assert say.under("level")["essential"] == say("level.essential")
    assert say.keys() == other.keys() - {"kind.propio"}
    assert say.under("check.errors").keys() == {"one", "other"}


def test_portuguese_counts_none_as_one_where_the_text_can_say_so() -> None:
    say = messages_in("pt").with_words(
        {"x.one": "um só", "x.other": "{count} coisas", "y.one": "{count} coisa", "y.other": "{count} coisas"}
    )
    assert say.with_words({"z": "{count} coisas"})("z", count=1) == "1 coisas"
    assert say.with_words({"x": "sem número"})("x") == "sem número"
    assert [say("x", count=count) for count in (0, 1, 2)] == ["0 coisas", "um só", "2 coisas"]
    assert [say("y", count=count) for count in (0, 1, 2)] == ["0 coisa", "1 coisa", "2 coisas"]


def test_signs_are_no_part_of_the_order_and_other_scripts_come_last() -> None:
    key = messages_in("es").sort_key
    assert key("«¡Hola!»") == key("hola")
    assert key("a b") != key("ab")
    assert sorted(["я", "z", "9", "a"], key=key) == ["9", "a", "z", "я"]
    assert key("STRASSE") == key("straße")
    assert sorted(["1a", "1ª"], key=key) == ["1ª", "1a"]
