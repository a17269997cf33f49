"""The weekly line-up over two years: who comes when, what one standard more or less moves, closed days."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import holidays
import pytest

from servicebook.cli.main import run
from servicebook.content.load import load_content
from servicebook.content.model.entries import Standard
from servicebook.content.playbook import Playbook
from servicebook.language.messages import messages_in
from servicebook.paper.lineups import week_content
from servicebook.paper.sheet import week_downloads
from servicebook.paper.sheets import Sheets
from servicebook.site.site import read_playbook
from servicebook.views import lineup
from servicebook.views.lineup import (
    EVERYBODY,
    Week,
    closed_days,
    first_id,
    jobs_of,
    rota,
    standards_of,
    week_name,
    weeks_of,
)
from servicebook.views.rotation import Rotation
from tests.conftest import ROOT, MakeProject

SAY = messages_in("es")
# Two years of Mondays, longer than any calendar that is published.
MONDAYS = [dt.date(2026, 11, 23) + dt.timedelta(weeks=i) for i in range(104)]
# A trainer's three, of many standards, of some, and of few; all stand on five days a week.
JOBS = ("mostrador", "areas-internas", "direccion")
# Weeks of the 104 that may change for one standard more or less, besides those where it stands itself.
MOST_MOVED = 40


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return read_playbook(ROOT, dt.date(2026, 11, 26))[0]


def with_standards(standards: list[Standard]) -> Playbook:
    """Return the reference playbook with other standards."""
    content, _ = load_content(ROOT / "playbook")
    others = [entry for entry in content.entries if not isinstance(entry, Standard)]
    return Playbook(replace(content, entries=[*others, *standards]))


def days_of(book: Playbook, job: str) -> list[tuple[tuple[dt.date, str], ...]]:
    """Return, for each week, its days and the first ids of their standards."""
    names = [first_id(one) for one in standards_of(book, job)]
    drawn = Rotation(job, names, 5, closed_days(book.settings, MONDAYS))
    return [tuple((day, one or "") for day, one in drawn.week(monday).items()) for monday in MONDAYS]


def moved(
    one: list[tuple[tuple[dt.date, str], ...]], other: list[tuple[tuple[dt.date, str], ...]]
) -> set[int]:
    return {i for i, (before, after) in enumerate(zip(one, other, strict=True)) if before != after}


def standing(weeks: list[tuple[tuple[dt.date, str], ...]], identity: str) -> set[int]:
    return {
        i
        for i, week in enumerate(weeks)
        if identity in dict(week).values() or identity in [s for _, s in week]
    }


def of_job(book: Playbook, job: str) -> list[Standard]:
    return [one for one in book.of_type(Standard) if job in one.roles]


@pytest.mark.parametrize("job", JOBS)
def test_every_standard_comes_and_none_again_within_thirty_days(playbook: Playbook, job: str) -> None:
    last: dict[str, dt.date] = {}
    for week in days_of(playbook, job):
        for day, identity in week:
            if identity:
                assert identity not in last or (day - last[identity]).days > 30, (identity, day)
                last[identity] = day
    assert set(last) == {one.id for one in of_job(playbook, job)}


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("days", [5, 7])
def test_a_round_has_every_standard_once(playbook: Playbook, job: str, days: int) -> None:
    """Each comes as often as every other, but for the two rounds that the two years cut through."""
    rotation = Rotation(job, [one.id for one in of_job(playbook, job)], days, ())
    seen = [one for monday in MONDAYS for one in rotation.week(monday).values() if one]
    counts = {one: seen.count(one) for one in seen}
    assert max(counts.values()) - min(counts.values()) <= 2


@pytest.mark.parametrize("job", JOBS)
def test_one_standard_more_or_less_leaves_most_weeks_as_they_were(playbook: Playbook, job: str) -> None:
    standards, before = playbook.of_type(Standard), days_of(playbook, job)
    own = of_job(playbook, job)
    new = own[0].model_copy(update={"id": "NEW-01", "former_ids": ()})
    after = days_of(with_standards([*standards, new]), job)
    assert standing(after, "NEW-01") <= moved(before, after)
    assert len(moved(before, after) - standing(after, "NEW-01")) <= MOST_MOVED
    for gone in own[:: max(1, len(own) // 4)]:
        after = days_of(with_standards([one for one in standards if one.id != gone.id]), job)
        assert standing(before, gone.id) <= moved(before, after)
        assert len(moved(before, after) - standing(before, gone.id)) <= MOST_MOVED, gone.id


def test_everything_is_laid_anew_only_where_a_round_is_full() -> None:
    """With the counts that the module names: between them, one more leaves most weeks as they were.

    Of fewer than 17 each stands in every fourth week or oftener, and there is little to leave.
    """
    full, names = (4, 8, 12, 16, 27, 42, 61, 89, 132), [f"S-{i:03}" for i in range(140)]
    weeks = MONDAYS[:52]
    before: list[dict[dt.date, str | None]] = []
    for count in range(1, len(names) + 1):
        rotation = Rotation("job", names[:count], 5, ())
        after = [rotation.week(monday) for monday in weeks]
        if before:
            same = sum(one == other for one, other in zip(before, after, strict=True))
            others = sum(names[count - 1] not in week.values() for week in after)
            if count - 1 in full:
                assert same < 10, count
            elif count > 17:
                assert same >= others - MOST_MOVED // 2, count
        before = after


@pytest.mark.parametrize("job", [EVERYBODY, *JOBS])
def test_a_standard_of_another_job_and_a_new_id_move_nothing(playbook: Playbook, job: str) -> None:
    before, standards = days_of(playbook, job), playbook.of_type(Standard)
    named = [
        one.model_copy(update={"id": f"NEW-{i:02}", "former_ids": (one.id, *one.former_ids)[::-1]})
        if i % 2
        else one
        for i, one in enumerate(standards)
    ]
    assert not moved(before, days_of(with_standards(named), job))
    if job:
        other = next(one for one in standards if job not in one.roles)
        new = other.model_copy(update={"id": "NEW-01", "former_ids": ()})
        assert not moved(before, days_of(with_standards([*standards, new]), job))


def test_the_weeks_that_hang_on_walls_are_the_same_for_ever() -> None:
    names = [f"E{n}" for n in range(12)]
    weeks = [
        "- E1 E8 E10 E0",
        "E6 E3 E9 - E11",
        "E7 E4 E5 - E2",
        "- E10 E8 E0 E1",
        "E9 E3 E11 E6",  # Christmas is no day of it
        "E5 E2 E7 E4 -",
    ]
    for given in (names, names[::-1]):
        rotation = Rotation("mostrador", given, 5, [dt.date(2026, 12, 25)])
        for monday, week in zip(MONDAYS, weeks, strict=False):
            days = rotation.week(monday)
            assert [*days] == [monday + dt.timedelta(days=i) for i in range(len(days))]
            assert " ".join(one or "-" for one in days.values()) == week


def test_who_asks_first_is_of_no_matter() -> None:
    names = [f"S-{i}" for i in range(40)]
    one, other = (Rotation("job", ids, 5, ()) for ids in (names, names[::-1]))
    assert [one.week(monday) for monday in MONDAYS] == [other.week(monday) for monday in reversed(MONDAYS)][
        ::-1
    ]


def test_nobody_meets_on_a_closed_day_and_its_standard_comes_on_another() -> None:
    names = [f"S-{i}" for i in range(25)]
    closed = {MONDAYS[0] + dt.timedelta(days=i) for i in range(5)}
    rotation = Rotation("job", names, 5, closed)
    assert rotation.week(MONDAYS[0]) == {}
    seen = {one for monday in MONDAYS[:12] for one in rotation.week(monday).values() if one}
    assert seen == set(names)
    # Sixteen weeks of the two years without a meeting: each comes as often as if there were none.
    closed = {monday + dt.timedelta(days=i) for monday in MONDAYS[3::6][:16] for i in range(5)}
    for shut in ((), closed):
        rotation = Rotation("job", names, 5, shut)
        times = Counter(one for monday in MONDAYS for one in rotation.week(monday).values() if one)
        assert {*times.values()} == {17, 18}
        assert {*times} == {*names}


# --- of a playbook -----------------------------------------------------------------------------------


def weeks(book: Playbook) -> Iterator[Week]:
    for job in jobs_of(book):
        yield from weeks_of(book, job)


def test_what_is_played_and_told_goes_with_a_standard_of_the_week_where_one_exists(
    playbook: Playbook,
) -> None:
    shared = 0
    for week in weeks(playbook):
        named = {day.standard.id for day in week.days if day.standard}
        plays = [one for one in playbook.of_kind("scenario") if named & set(one.standards)]  # type: ignore[attr-defined]
        assert week.scenario
        assert not plays or named & set(week.scenario.standards)
        assert week.case is None or named & set(week.case.standards)
        shared += bool(plays)
    assert shared > 400


def test_days_are_those_of_the_country_and_of_the_organisation(make_project: MakeProject) -> None:
    project = make_project({})
    path = project / "playbook/playbook.yml"
    own = "country: MX\nlineup: {days: all, closed: [2026-11-24], jobs: [mostrador]}\n"
    path.write_text(path.read_text("utf-8") + own, "utf-8")
    book = read_playbook(project, dt.date(2026, 11, 26))[0]
    days = {day.date for week in weeks_of(book) for day in week.days}
    # Monday to Sunday, but for the own day, and the holidays of Mexico.
    assert {dt.date(2026, 11, 22), dt.date(2026, 11, 23), dt.date(2026, 12, 24)} <= days
    assert not {dt.date(2026, 11, 24), dt.date(2026, 12, 25), dt.date(2027, 2, 1)} & days
    # A week says on which of its days nobody meets.
    closed = {week.monday: week.closed for week in weeks_of(book)}
    assert closed[dt.date(2026, 11, 23)] == (dt.date(2026, 11, 24),)
    assert closed[dt.date(2026, 12, 21)] == (dt.date(2026, 12, 25),)
    assert closed[dt.date(2026, 12, 14)] == ()
    names = [sheet.id for sheet in Sheets(book, SAY).lineups()]
    assert (len(names), names[0], names[53]) == (106, "2026-s47", "mostrador-2026-s47")
    offered = week_downloads(next(weeks_of(book)).monday, book, SAY)
    assert [one.label for one in offered] == ["Reunión de arranque", "Mostrador"]
    assert "hojas/semanas/mostrador-2026-s47-a4.pdf" in offered[1].files.values()
    assert run(["check", str(project)]) == 0


@pytest.mark.parametrize(
    ("language", "named"),
    [
        ("es", "lunes 23 de noviembre, martes 24 de noviembre y miércoles 25 de noviembre."),
        ("en", "Monday 23 November, Tuesday 24 November and Wednesday 25 November."),
        (
            "pt",
            "segunda-feira, 23 de novembro, terça-feira, 24 de novembro e quarta-feira, 25 de novembro.",
        ),
    ],
)
def test_days_are_named_as_a_sentence_names_them(language: str, named: str, playbook: Playbook) -> None:
    week, say = next(weeks_of(playbook)), messages_in(language)
    days = tuple(dt.date(2026, 11, 23) + dt.timedelta(days=i) for i in range(3))
    told = [week_content(replace(week, closed=days[:count]), playbook, say)["closed"] for count in range(4)]
    assert told[0] == ""
    assert told[1].endswith(f": {say.day(days[0])}.")
    assert told[2].endswith(f"{say.day(days[0])} {say('paper.lineup.and')} {say.day(days[1])}.")
    assert told[3].endswith(named)


@pytest.mark.parametrize("damaged", [False, True])
def test_a_countrys_holidays_are_asked_of_the_library_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, playbook: Playbook, damaged: bool
) -> None:
    monkeypatch.setattr("servicebook.base.cache.user_cache_path", lambda name: tmp_path)
    asked: list[str] = []
    real = holidays.country_holidays

    def ask(country: str, years: range) -> object:
        asked.append(country)
        return real(country, years=years)

    monkeypatch.setattr("holidays.country_holidays", ask)
    settings = playbook.settings.model_copy(update={"country": "MX"})
    answers = []
    for _ in range(2):
        lineup._holidays.cache_clear()
        answers.append(closed_days(settings, [dt.date(2026, 11, 23)]))
        for kept in (tmp_path / "holidays").iterdir() if damaged else ():
            kept.write_bytes(kept.read_bytes().replace(b"2026", b"2028"))
    lineup._holidays.cache_clear()  # what is kept in this process must not outlive this test's folder
    assert answers[0] == answers[1]
    assert {dt.date(2025, 12, 25), dt.date(2026, 12, 25), dt.date(2027, 2, 1)} <= answers[0]
    assert dt.date(2026, 12, 24) not in answers[0]
    assert asked == ["MX"] * (2 if damaged else 1)


def test_the_week_of_any_job_is_made_when_it_is_named(make_project: MakeProject, tmp_path: Path) -> None:
    project, out = make_project({}), tmp_path / "out"
    call = ["export", "--project", str(project), "--out", str(out)]
    assert run(call) == 0
    assert not [*out.rglob("mostrador-2026-s*")]
    assert run([*call, "mostrador-2026-s49"]) == 0
    assert {path.name for path in out.rglob("mostrador-2026-s*")} == {
        "mostrador-2026-s49-a4.pdf",
        "mostrador-2026-s49-carta.pdf",
    }
    assert run([*call, "mostrador-2026-s99"]) == 2


def test_the_calendar_is_of_the_edition_whatever_the_day() -> None:
    one, other = (read_playbook(ROOT, dt.date(2026 + i, 11, 26))[0] for i in (0, 1))
    assert list(weeks_of(one)) == list(weeks_of(other))


def test_what_is_kept_of_the_rota_is_that_of_the_same_standards(playbook: Playbook) -> None:
    """It is drawn once: from then on, whoever asks has the weeks that the calendar shows."""
    standards = playbook.of_type(Standard)
    other = standards[0].model_copy(update={"roles": ()})
    renamed = standards[0].model_copy(update={"id": "EXT-99", "former_ids": (standards[0].id,)})
    for changed in (standards, [other, *standards[1:]], [renamed, *standards[1:]], standards[1:]):
        shown = with_standards(changed)
        for _ in range(2):
            told = rota(shown)
            for job in jobs_of(shown):
                own = {first_id(one): one.id for one in standards_of(shown, job)}
                kept = list(weeks_of(shown, job))
                closed = closed_days(shown.settings, [week.monday for week in kept])
                drawn = Rotation(job, tuple(own), 5, closed)
                for week in kept:
                    assert {day.date: day.standard.id if day.standard else None for day in week.days} == {
                        day: own[one] if one else None for day, one in drawn.week(week.monday).items()
                    }, (job, week.monday)
                assert told[job] == [
                    [day.standard.id if day.standard else "" for day in week.days] for week in kept
                ], job


@pytest.mark.parametrize(
    ("monday", "name"), [("2024-12-30", "2025-s01"), ("2026-12-28", "2026-s53"), ("2027-01-04", "2027-s01")]
)
def test_a_week_over_the_years_end_has_a_name_of_its_own(monday: str, name: str) -> None:
    """The days before New Year may be of the new year's first week (ISO 8601): no two weeks have one name."""
    assert week_name(dt.date.fromisoformat(monday), EVERYBODY, SAY) == name
    assert week_name(dt.date.fromisoformat(monday), "ventas", SAY) == f"ventas-{name}"
