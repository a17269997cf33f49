"""The quiz: what is asked, that no answer gives itself away, and what other programs read of it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pytest

from servicebook.content.model.entries import Customer, Entry, Standard
from servicebook.content.playbook import Playbook
from servicebook.content.sentences import is_sentence
from servicebook.language import inline
from servicebook.language.messages import LANGUAGES, messages_in
from servicebook.paper.files import files_of
from servicebook.paper.quizzes import gift_text, quiz_content
from servicebook.paper.sheets import Sheets
from servicebook.site.macros import Macros
from servicebook.site.site import Site, read_playbook
from servicebook.views.learning import path_of
from servicebook.views.lineup import EVERYBODY, jobs_of
from servicebook.views.quiz import (
    LETTERS,
    Question,
    asked_of,
    jobs_asked,
    question_text,
    questions_for,
    questions_of,
)
from tests.conftest import ROOT, MakeProject

SAY = messages_in("es")
# How much more often than by chance the longest or the shortest answer may be the right one.
TOLERANCE = 0.05
# The places of right answers among two, three and four: chi-square of six degrees of freedom, one in 100.
PLACES_AT_MOST = 16.81
SEEDS = ("", "2026.2", "a")


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return read_playbook(ROOT, dt.date(2026, 11, 22))[0]


def lines_of(entry: Entry, kind: str) -> tuple[list[str], list[str]]:
    """Return what an entry says to do or to say, and what it says to avoid."""
    if kind == "do":
        assert isinstance(entry, Standard)
        return inline.plain_all(entry.do), inline.plain_all(entry.dont)
    assert isinstance(entry, Standard | Customer)
    return [inline.plain(one.say) for one in entry.phrases], [
        inline.plain(one.avoid) for one in entry.phrases
    ]


# --- what is asked -----------------------------------------------------------------------------------


def test_every_question_is_answered_by_its_own_entry(playbook: Playbook) -> None:
    questions = questions_of(playbook)
    assert {one.entry.id for one in questions} == {
        one.id for model in (Standard, Customer) for one in playbook.of_type(model)
    }
    for one in questions:
        right, wrong = lines_of(one.entry, one.kind)
        said = one.answers[one.right]
        whole = one.whole or said
        assert whole in right, one.id
        # The beginning of a phrase ends where a sentence does.
        assert whole == said or (whole.startswith(said[:-1]) and said[-2] in ".!?…"), one.id
        others = [answer for answer in one.answers if answer != said]
        assert len(others) == len(one.answers) - 1 >= 1, one.id
        assert set(others) <= set(wrong), one.id
        assert not set(others) & set(right), one.id


def test_an_entry_gives_as_many_wrong_answers_as_it_has(playbook: Playbook) -> None:
    for one in questions_of(playbook):
        wrong = set(lines_of(one.entry, one.kind)[1])
        assert len(one.answers) == min(len(wrong), len(LETTERS) - 1) + 1, one.id


def test_a_job_is_asked_of_its_own_standards(playbook: Playbook) -> None:
    everybody = questions_of(playbook)
    for job in jobs_of(playbook)[1:]:
        own = questions_for(job, everybody)
        assert own == [one for one in everybody if job in jobs_asked(one.entry)]
        assert {one.entry.id for one in own} == {
            one.id for one in playbook.of_type(Standard) if job in one.roles
        }


# --- nothing gives itself away -----------------------------------------------------------------------


def lengths(question: Question) -> tuple[bool, bool]:
    """Tell whether the right answer is the longest, and whether it is the shortest."""
    own = len(question.answers[question.right])
    others = [len(answer) for place, answer in enumerate(question.answers) if place != question.right]
    return all(own > other for other in others), all(own < other for other in others)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_is_given_away_by_its_length(playbook: Playbook, seed: str) -> None:
    questions = questions_of(playbook, seed=seed)
    assert len(questions) > 150
    chance = sum(1 / len(one.answers) for one in questions) / len(questions)
    for share in (sum(found) / len(questions) for found in zip(*map(lengths, questions), strict=True)):
        assert share <= chance + TOLERANCE


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_is_given_away_by_its_place(playbook: Playbook, seed: str) -> None:
    questions = questions_of(playbook, seed=seed)
    assert chi_square(questions) < PLACES_AT_MOST


def chi_square(questions: Sequence[Question]) -> float:
    """Return how far the places of the right answers are from even, over questions of every size."""
    found = 0.0
    for size in {len(one.answers) for one in questions}:
        places = Counter(one.right for one in questions if len(one.answers) == size)
        even = places.total() / size
        found += sum((places[place] - even) ** 2 / even for place in range(size))
    return found


# What anybody sees of an answer without knowing what it is about: how its verb begins it.
FORMS = {
    "infinitive": re.compile(r"\W*(?!\w*(parte|ierte)\b)\w*[aeiáéí]r(se|me|te|nos)?(l[aeo]s?)?\b"),
    "denial": re.compile(r"\W*(no|nunca|jamás|sin)\b", re.IGNORECASE),
    "command": re.compile(r"\W*(?!\w*[aeiáéí]r\b)\w*[ae](l[aeo]s?|te|me)?\b"),
}


def right_by_form(questions: Sequence[Question], form: re.Pattern[str], wanted: bool) -> float:
    """Return how often whoever takes an answer of a form, and else any, takes the right one."""
    found = 0.0
    for one in questions:
        fitting = [i for i, answer in enumerate(one.answers) if bool(form.match(answer)) == wanted]
        fitting = fitting or [*range(len(one.answers))]
        found += (one.right in fitting) / len(fitting)
    return found / len(questions)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("wanted", [True, False])
def test_no_answer_is_given_away_by_the_form_of_its_verb(playbook: Playbook, form: str, wanted: bool) -> None:
    questions = questions_of(playbook)
    chance = sum(1 / len(one.answers) for one in questions) / len(questions)
    assert right_by_form(questions, FORMS[form], wanted) <= chance + TOLERANCE


def with_lines(do: tuple[str, ...], dont: tuple[str, ...], phrases: bool, seed: str = "") -> list[Question]:
    """Return the questions of one standard that says these lines."""
    book = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    first = book.of_type(Standard)[0]
    said = {"do": do, "dont": dont} if phrases else {"do": do, "dont": dont, "phrases": ()}
    book._in_force["standard"], book._in_force["customer"] = [first.model_copy(update=said)], []
    return questions_of(book, seed)


def test_what_to_do_is_asked_where_its_form_does_not_tell() -> None:
    commands, infinitives = (
        ("Mira y saluda.", "Deja el celular."),
        ("Seguir con la pantalla.", "Esperar a que hable."),
    )
    one_form = with_lines(("Mirar y saludar.", "Dejar el celular."), infinitives, phrases=True)
    assert [one.kind for one in one_form].count("do") == 1
    # Of several lines those that are of one form with the wrong ones.
    (mixed,) = (
        one
        for one in with_lines((*commands, "Dejar el celular."), infinitives, phrases=True)
        if one.kind == "do"
    )
    assert mixed.answers[mixed.right] == "Dejar el celular."
    assert "do" not in {one.kind for one in with_lines(commands, infinitives, phrases=True)}
    assert "do" not in {one.kind for one in with_lines(commands, ("No sigas.", "No esperes."), phrases=True)}
    looks_like_one = ("Reparte las zonas.", "Comparte la noticia.", "Advierte del piso mojado.")
    assert "do" not in {one.kind for one in with_lines(looks_like_one, infinitives, phrases=True)}
    # What an entry says to do and to avoid, as its own check tells, is asked as neither.
    torn = with_lines((*infinitives, "Mirar y saludar."), infinitives, phrases=False)
    assert [one.answers[one.right] for one in torn] == ["Mirar y saludar."]
    # Whoever writes no phrases has a quiz all the same.
    assert [one.kind for one in with_lines(commands, infinitives, phrases=False)] == ["do"]


def test_an_entry_that_says_much_is_asked_of_all_that_it_says() -> None:
    """Of three hundred lines four and a half million threes can be made, once for every right answer."""
    do, dont = (tuple(f"{verb} la hoja {number}." for number in range(300)) for verb in ("Mira", "Tira"))
    asked = {
        answer
        for seed in "abcdefghijklmnopqrst"
        for one in with_lines(do[:9], dont, phrases=False, seed=seed)
        for answer in one.answers
    }
    assert len(asked & {*dont}) > 40


def test_every_phrase_but_those_told_by_length_has_a_question_of_its_own(playbook: Playbook) -> None:
    questions = questions_of(playbook)
    assert len({one.id for one in questions}) == len(questions)
    asked = [(one.entry.id, one.whole or one.answers[one.right]) for one in questions if one.kind == "say"]
    assert len({*asked}) == len(asked)
    assert {one.id for one in questions_of(playbook, one_each=True)} <= {one.id for one in questions}
    assert sum(one.number > 1 for one in questions) > 20


def test_the_measure_notices_answers_that_are_given_away(playbook: Playbook) -> None:
    first = [Question(one.entry, one.kind, one.answers, 0, "", "") for one in questions_of(playbook)]
    assert chi_square(first) > PLACES_AT_MOST
    told = [
        replace(one, answers=tuple("Haz." if i == one.right else "Hacer." for i in range(len(one.answers))))
        for one in first
    ]
    assert right_by_form(told, FORMS["infinitive"], wanted=False) == 1


# --- the same again, and what an entry more changes ---------------------------------------------------


def test_the_same_seed_gives_the_same_questions(playbook: Playbook) -> None:
    again = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    assert questions_of(playbook) == questions_of(again)
    assert questions_of(playbook, seed="b") != questions_of(playbook, seed="c")


@pytest.mark.parametrize("gone", ["EXT-01", "EXT-19", "EXT-51", "INT-01", "INT-30", "INT-36", "molesto"])
def test_an_entry_more_or_less_leaves_the_other_questions_as_they_were(playbook: Playbook, gone: str) -> None:
    less = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    less._by_kind[less.entries[gone].kind].remove(less.entries[gone])
    assert questions_of(less) == [one for one in questions_of(playbook) if one.entry.id != gone]


def test_an_entry_with_another_id_keeps_its_questions(playbook: Playbook) -> None:
    renamed = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    standards = renamed._by_kind["standard"]
    for place, one in enumerate(standards):
        names = {"id": f"NEW-{place}", "former_ids": one.former_ids or (one.id,)}
        standards[place] = one.model_copy(update=names)
    asked = [(one.answers, one.right) for one in questions_of(renamed)]
    assert asked == [(one.answers, one.right) for one in questions_of(playbook)]


def test_of_a_large_playbook_some_entries_of_each_job_are_asked_drawn_by_the_edition(
    playbook: Playbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    macros, told = Macros(Site(playbook)), f"<p>{SAY('quiz.part')}</p>"
    assert told not in macros.quiz()
    monkeypatch.setattr("servicebook.site.macros._ASKED", 12)
    assert told in macros.quiz()
    everything = asked_of(playbook)
    assert asked_of(playbook, most=len(everything)) == everything
    some = asked_of(playbook, most=12)
    assert len(some) < len(everything)
    for job in jobs_of(playbook):
        own = [one for one in everything if job == EVERYBODY or job in jobs_asked(one)]
        assert sum(one in some for one in own) >= min(12, len(own)), job
    assert questions_of(playbook, entries=some) == [
        one for one in questions_of(playbook) if one.entry in some
    ]
    edition = playbook.settings.edition.model_copy(update={"name": "2099.1"})
    later = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    later.settings = playbook.settings.model_copy(update={"edition": edition})
    assert asked_of(later, most=12) != some


# --- the sheet ---------------------------------------------------------------------------------------


def test_the_key_of_a_sheet_is_right(playbook: Playbook) -> None:
    known = {question_text(one, SAY): one for one in questions_of(playbook, one_each=True)}
    for job in jobs_of(playbook):
        content = quiz_content(job, questions_for(job, questions_of(playbook, one_each=True)), playbook, SAY)
        asked = [one for stage in content["stages"] for one in stage["questions"]]
        assert len(asked) == len(content["key"]) > 5
        for one, solved in zip(asked, content["key"], strict=True):
            question = known[f"{one['topic']}. {one['ask']}".replace("?. ", "? ")]
            assert one["answers"][LETTERS.index(solved["letter"])] == question.answers[question.right]
            assert solved["title"].endswith(question.entry.title)
            assert solved["why"] == question.why
        standards = [one.id for stage in path_of(playbook, job) for one in stage.standards]
        assert sorted(one["id"] for one in asked if one["id"]) == sorted(standards)


def test_a_sheet_is_scored_out_of_what_it_asks(playbook: Playbook) -> None:
    for sheet in Sheets(playbook, SAY).quizzes():
        asked = sum(len(stage["questions"]) for stage in sheet.content["stages"])
        assert sheet.content["sign_off"][-1]["label"] == SAY("paper.quiz.score", count=asked)


def test_the_path_begins_with_what_is_urgent_and_weighs_most(playbook: Playbook) -> None:
    for job in jobs_of(playbook):
        stages = path_of(playbook, job)
        assert [stage.name for stage in stages] == [
            name
            for name in ("urgent", "essential", "expected", "excellence")
            if name in {stage.name for stage in stages}
        ]
        for stage in stages:
            assert all(one.urgent == (stage.name == "urgent") for one in stage.standards)
            assert all(stage.name in ("urgent", one.level) for one in stage.standards)
            taught = {one.id for one in stage.standards}
            assert stage.practice
            assert all(taught.intersection(one.standards) for one in stage.practice)


# --- for other programs ------------------------------------------------------------------------------


class Imported(NamedTuple):
    """A question as a program reads it from GIFT."""

    category: str
    name: str
    text: str
    answers: list[str]
    right: list[int]
    feedback: str


_NAMED = re.compile(
    r"::(?P<name>(?:\\.|[^\\])*?)::\s*(?P<text>(?:\\.|[^\\{}])*)\{(?P<rest>.*)\}\s*$", re.DOTALL
)
_FORMAT = re.compile(r"\[(?:html|moodle|plain|markdown)\]")
_SIGNS = {"\\n": "\n", **{f"\\{sign}": sign for sign in "\\~=#{}:"}}


def read_gift(text: str) -> Iterator[Imported]:
    """Read multiple-choice questions by the grammar of Moodle's manual, and nothing that is not in it.

    Questions stand apart by empty lines, comments begin with two slashes, a category holds for what follows;
    `=` begins a right answer, `~` a wrong one, `####` what is said afterwards, and a backslash takes the
    meaning of a sign.
    """
    category = ""
    for block in re.split(r"\n\s*\n", text):
        lines = [line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("//")]
        if not lines:
            continue
        if lines[0].startswith("$CATEGORY:"):
            assert len(lines) == 1, lines
            category = lines[0].removeprefix("$CATEGORY:").strip()
            continue
        match = _NAMED.match("\n".join(lines).strip())
        assert match, block
        choices, feedback = _split_feedback(match["rest"])
        parts = [part for part in re.split(r"(?<!\\)((?:\\\\)*)(?=[=~])", choices) if part and part.strip()]
        assert all(part[0] in "=~" for part in parts), block
        assert not re.search(r"(?<!\\)[#{}]", "".join(parts)), block
        yield Imported(
            category,
            _plain(match["name"]),
            _plain(match["text"]),
            [_plain(part[1:]) for part in parts],
            [i for i, part in enumerate(parts) if part[0] == "="],
            _plain(feedback),
        )


def _split_feedback(rest: str) -> tuple[str, str]:
    choices, _, feedback = rest.partition("####")
    return choices, feedback


def _plain(text: str) -> str:
    return re.sub(r"\\.", lambda sign: _SIGNS[sign.group()], _FORMAT.sub("", text.strip(), count=1))


def test_gift_is_read_as_the_questions_that_there_are(playbook: Playbook) -> None:
    imported = {one.name: one for one in read_gift(gift_text(playbook, SAY))}
    questions = questions_of(playbook)
    assert len(imported) == len(questions)
    for one in questions:
        read = imported[one.id]
        assert read.text == question_text(one, SAY)
        assert (read.answers, read.right) == (list(one.answers), [one.right])
        assert one.entry.title in read.feedback
    pillars = {pillar.title for pillar in playbook.settings.pillars.values()}
    categories = {one.category for one in imported.values()}
    assert categories == {f"{playbook.settings.title}/{name}" for name in {*pillars, SAY("kind.customer")}}


# Whatever means something to GIFT, in the places where it would: at the start of a text, and within.
ODD = (
    "=igual ~no {llave} #nota: dos\\ puntos",
    "%50%mitad",
    "[html]<b>grueso</b>",
    "// no es comentario",
    "####fin \\n y ->flecha }",
    "$CATEGORY: otra",
    "::nombre::",
)


def test_gift_takes_any_text_for_text(playbook: Playbook) -> None:
    odd = read_playbook(ROOT, dt.date(2026, 11, 22))[0]
    standard = odd.of_type(Standard)[0]
    changed = standard.model_copy(update={"title": ODD[4], "do": ODD[:1], "dont": ODD[1:], "phrases": ()})
    odd._in_force["standard"] = [changed]
    odd._in_force["customer"] = []
    (read,) = read_gift(gift_text(odd, SAY))
    (question,) = questions_of(odd)
    assert (read.text, tuple(read.answers), read.right) == (
        question_text(question, SAY),
        question.answers,
        [question.right],
    )
    assert len(question.answers) == len(LETTERS)


def test_the_table_holds_every_question(playbook: Playbook) -> None:
    files = {file.path: file for file in files_of(playbook, SAY)}
    content = files["hojas/cuestionario.csv"].make().decode("utf-8-sig")
    head, *lines = csv.reader(io.StringIO(content), delimiter=playbook.settings.separator)
    questions = questions_of(playbook)
    assert head == [
        SAY(f"paper.quiz.column.{name}")
        for name in ("id", "entry", "topic", "jobs", "question", "a", "b", "c", "d", "right", "whole", "why")
    ] + [SAY("paper.table.edition")]
    assert [line[0] for line in lines] == [one.id for one in questions]
    for line, one in zip(lines, questions, strict=True):
        assert tuple(answer for answer in line[5:9] if answer) == one.answers
        assert line[9] == LETTERS[one.right]
    assert files["hojas/cuestionario-gift.txt"].make() == gift_text(playbook, SAY).encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_page_carries_is_said_on_it(language: str) -> None:
    words = messages_in(language).under("quiz")
    assert [key for key in words if not is_sentence(f"quiz.{key}") or "\\" in words[key]] == []


def test_a_playbook_without_standards_has_no_quiz(make_project: MakeProject) -> None:
    empty = read_playbook(make_project({}), dt.date(2026, 11, 22))[0]
    empty._by_kind["standard"] = []
    paths = [file.path for file in files_of(empty, SAY)]
    assert paths
    assert not [path for path in paths if "cuestionario" in path]
