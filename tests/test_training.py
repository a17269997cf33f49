"""What is handed to those who train: minutes that add up, and nothing on a path that is not of its job."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from servicebook.content.content import Content
from servicebook.content.model.entries import Case, Entry, Scenario, Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.messages import messages_in
from servicebook.paper.sheet import Sheet, training_downloads
from servicebook.paper.sheets import Sheets
from servicebook.paper.training import training_content
from servicebook.site.site import read_playbook
from servicebook.views.editions import mark_of
from servicebook.views.learning import path_of
from servicebook.views.lineup import EVERYBODY, jobs_of
from servicebook.views.sessions import brief_session, first_week
from tests.conftest import ROOT

SAY = messages_in("es")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return read_playbook(ROOT, dt.date(2026, 11, 22))[0]


@pytest.fixture(scope="module")
def sheets(playbook: Playbook) -> list[Sheet]:
    made = Sheets(playbook, SAY)
    guides = made.sessions()
    assert guides
    return [*made.training(), guides, *made.lineups()]


def with_entries(playbook: Playbook, *entries: Entry) -> Playbook:
    """Return a playbook with the settings of another and these entries alone."""
    return Playbook(Content(Path(), "playbook", playbook.settings, entries=[*entries]))


def timed_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield everything in a sheet that has steps and a total."""
    if isinstance(value, Mapping):
        if "total" in value:
            yield value
        for inner in value.values():
            yield from timed_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from timed_in(inner)


def minutes_in(text: str) -> int:
    (number,) = re.findall(r"\d+", text)
    return int(number)


def test_minutes_add_up_to_the_total_said(sheets: list[Sheet], playbook: Playbook) -> None:
    found = [one for sheet in sheets for one in timed_in(sheet.content)]
    assert len(found) > len(playbook.of_type(Scenario)) + 5 * len(jobs_of(playbook)[1:])
    for one in found:
        steps = one.get("steps") or one.get("plan")
        parts = [step["minutes"] for step in steps] if steps else [day["total"] for day in one["days"]]
        assert len(parts) > 1
        assert sum(map(minutes_in, parts)) == minutes_in(one["total"])


def test_a_path_has_every_standard_of_its_job_once(sheets: list[Sheet], playbook: Playbook) -> None:
    packs = {sheet.id: sheet.content for sheet in sheets if sheet.form == "training"}
    assert [*packs] == jobs_of(playbook)[1:]
    for job, content in packs.items():
        own = sorted(one.id for one in playbook.of_type(Standard) if job in one.roles)
        assert sorted(line["id"] for stage in content["stages"] for line in stage["standards"]) == own
        assert sorted(line["id"] for line in content["slip"]["read"]) == own


def test_a_slip_says_the_marks_of_the_texts_that_were_read(playbook: Playbook) -> None:
    made = Sheets(playbook, SAY)
    read = {line["id"]: line["mark"] for pack in made.training() for line in pack.content["slip"]["read"]}
    assert read == {one.id: mark_of(made.now, one.id) for one in playbook.of_type(Standard)}
    assert len({*read.values()}) == len(read)
    changed = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    standards = changed._by_kind["standard"]
    place = next(i for i, one in enumerate(standards) if one.id == "EXT-02")
    other = standards[place].model_copy(update={"statement": "Otra promesa."})
    standards[place] = changed.entries["EXT-02"] = other
    again = {
        line["id"]: line["mark"]
        for pack in Sheets(changed, SAY).training()
        for line in pack.content["slip"]["read"]
    }
    assert {identity for identity in read if read[identity] != again[identity]} == {"EXT-02"}


def test_a_pack_counts_what_its_quiz_asks_and_not_what_the_job_has(playbook: Playbook) -> None:
    """Of a large playbook the quiz asks some: who answers all of it has so many right, and no more."""
    stages = path_of(playbook, "ventas")
    asked = [stage.standards[-1].id for stage in stages]
    marks = dict.fromkeys(playbook.entries, "")
    pack = training_content("ventas", asked, marks, playbook, SAY)
    assert [stage["quiz"] for stage in pack["stages"]] == [SAY("paper.path.quiz", count=1)] * len(stages)
    assert pack["certificate"]["score"] == SAY("paper.certificate.score", count=len(stages))


def test_a_session_promises_and_watches_what_its_standards_say(
    sheets: list[Sheet], playbook: Playbook
) -> None:
    (guides,) = (sheet for sheet in sheets if sheet.form == "session")
    for scenario, play in zip(playbook.of_type(Scenario), guides.content["plays"], strict=True):
        taught = [playbook.entries[name] for name in scenario.standards]
        standards = [one for one in taught if isinstance(one, Standard)]
        assert play["promises"] == [inline.plain(one.statement) for one in standards]
        assert play["watch"] == [inline.plain(one.verification.question) for one in standards]


def test_a_first_week_begins_the_path_and_practises_what_the_path_names(sheets: list[Sheet]) -> None:
    for sheet in sheets:
        if sheet.form == "training":
            days = sheet.content["week"]["days"]
            assert len(days) == 5
            first = [
                f"{line['id']} {line['title']}"
                for stage in sheet.content["stages"]
                for line in stage["standards"]
            ][:2]
            assert all(title in days[0]["steps"][0]["how"] for title in first)
            assert days[-1]["steps"][-2]["title"] == SAY("paper.session.step.plan.title")


def test_each_day_of_a_first_week_has_its_steps_and_minutes(playbook: Playbook) -> None:
    usual = [("read", 15, 2), ("watch", 20, 2), ("play", 35, 1), ("talk", 10, 0)]
    last = [("read", 15, 2), ("watch", 20, 2), ("quiz", 25, 0), ("plan", 15, 0), ("talk", 10, 0)]

    def told(book: Playbook) -> list[list[tuple[str, int, int]]]:
        days = first_week(book, EVERYBODY)
        return [[(step.name, step.minutes, len(step.about)) for step in day.steps] for day in days]

    assert told(playbook) == [usual] * 4 + [last]
    few = [one for one in playbook.of_type(Standard) if one.id in ("EXT-01", "EXT-02", "EXT-03")]
    # Whoever has read all goes over it again; who has nobody to play with does not.
    assert told(with_entries(playbook, *few)) == [
        [("read", 15, 2), ("watch", 20, 2), ("talk", 10, 0)],
        [("read", 15, 1), ("watch", 20, 1), ("talk", 10, 0)],
        [("review", 20, 0), ("talk", 10, 0)],
        [("review", 20, 0), ("talk", 10, 0)],
        [("review", 20, 0), ("quiz", 25, 0), ("plan", 15, 0), ("talk", 10, 0)],
    ]
    assert [(step.name, step.minutes) for step in brief_session().steps] == [
        ("cast", 1),
        ("act", 4),
        ("comment", 4),
        ("close", 1),
    ]


def test_what_is_practised_is_what_most_of_a_stage_s_standards_come_in(playbook: Playbook) -> None:
    scenarios = playbook.of_type(Scenario)
    for stage in path_of(playbook):
        taught = {one.id for one in stage.standards}
        common = [len(taught.intersection(one.standards)) for one in stage.practice]
        assert common == sorted(common, reverse=True)
        left = [one for one in scenarios if one not in stage.practice]
        assert min(common) >= max(len(taught.intersection(one.standards)) for one in left)


def test_a_week_says_on_which_day_its_case_and_its_story_fit(playbook: Playbook) -> None:
    """Who leads has the sheets and nothing else: each names a day that stands on the first."""
    made = Sheets(playbook, SAY)
    kinds = set()
    for sheet in made.lineups(jobs_of(playbook)):
        content = sheet.content
        days = {day["day"].lower(): day["id"] for day in content["days"]}
        play, practice, example = content["play"], content["practice"], content["example"]
        taught = {line.split()[0] for line in play["standards"]}
        named = {day: id_ for day, id_ in days.items() if re.search(rf"\b{day}\b", practice["when"])}
        free = {day for day, id_ in days.items() if not id_}
        if free:
            assert set(named) == free, sheet.id
            assert all(
                day["statement"] == SAY("paper.lineup.practice_how")
                for day in content["days"]
                if not day["id"]
            )
        else:
            assert {*named.values()} <= taught, sheet.id
            assert len(named) == bool(taught & {*days.values()}), sheet.id
        kinds.add(bool(free))
        if example:
            (id_,) = (id_ for day, id_ in days.items() if f"el {day}," in example["when"])
            case = next(one for one in playbook.of_type(Case) if one.title == example["title"])
            assert id_ in case.standards, sheet.id
            assert id_ in example["when"], sheet.id
            # What is surest of a company is what is told of it.
            how = min((claim.confidence for claim in case.claims), key=("high", "medium", "low").index)
            sure = [claim for claim in case.claims if claim.confidence == how]
            assert example["fact"] in {inline.plain(claim.text) for claim in sure}
            assert example["lesson"] == inline.plain(case.lessons[0])
    assert kinds == {True, False}


def test_a_day_of_the_line_up_says_what_its_standard_says_first(
    sheets: list[Sheet], playbook: Playbook
) -> None:
    """What stands first of a list is what its editors held for the most important."""
    closed = set()
    for content in (sheet.content for sheet in sheets if sheet.form == "lineup"):
        days = [day for day in content["days"] if day["id"]]
        for day in days:
            one = playbook.entries[day["id"]]
            assert isinstance(one, Standard)
            told = (one.title, one.statement, one.do[0], one.dont[0], one.verification.question)
            named = ("title", "statement", "do", "dont", "check")
            assert [day[name] for name in named] == inline.plain_all(told)
        assert len({day["question"] for day in days}) == len(days), "each day has a question of its own"
        assert content["full"].endswith(f"/p/{days[0]['id'].lower()}/")
        assert bool(content["closed"]) == (len(content["days"]) < 5)
        closed.add(content["closed"])
    assert SAY("paper.lineup.closed", days="viernes 25 de diciembre") in closed


def test_a_week_without_a_case_sends_nobody_to_another_sheet(playbook: Playbook) -> None:
    less = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    less._by_kind["scenario"].clear()
    weeks = [sheet.content for sheet in Sheets(less, SAY).lineups(["capacitacion"])]
    free = [day["statement"] for week in weeks for day in week["days"] if not day["id"]]
    assert len(free) > 40
    assert {*free} == {SAY("paper.lineup.practice_alone")}
    assert all(week["practice"] is None for week in weeks)


def test_a_card_has_the_level_of_what_weighs_most_of_what_it_practises(playbook: Playbook) -> None:
    made = Sheets(playbook, SAY)
    for scenario in playbook.of_type(Scenario):
        taught = [one for one in playbook.of_type(Standard) if one.id in scenario.standards]
        level = next(
            name for name in ("essential", "expected", "excellence") if name in {one.level for one in taught}
        )
        assert made.content("role_play", scenario)["level"] == SAY(f"level.{level}")


def test_every_job_and_every_scenario_is_offered(playbook: Playbook) -> None:
    offered = training_downloads(playbook, SAY)
    assert len(offered) == len(jobs_of(playbook)[1:]) + 1
    assert offered[-1].files == {
        "Letter": "hojas/completo/sesiones-carta.pdf",
        "A4": "hojas/completo/sesiones-a4.pdf",
    }
