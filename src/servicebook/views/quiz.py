"""The quiz: questions made of what entries say to do and to say, and of what they say to avoid.

Every question is of one entry, and all its answers are that entry's own lines: what another entry avoids
might be right here. An entry that says little to avoid gives a question of fewer answers. Where an answer is
a quotation of several sentences, it may be the beginning of it that is asked for.

What is right is mostly said in more words than what is wrong, and whoever knows nothing would take the
longest. So an entry's lines are chosen by their length (`_place`): over all questions the longest answer is
right no oftener than by chance, nor the shortest; `tests/test_quiz.py` measures it. Nor may the form of its
verb tell it: what to do is mostly a command and what to avoid is none, and then only phrases are asked for.

Everything is drawn by a hash of the seed, the entry's first id and its own lines (`views.rotation.weight`),
and so an entry more or less leaves the questions of the others as they were.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean
from typing import Literal, NamedTuple

from servicebook.content.model.entries import Customer, Entry, Standard
from servicebook.content.playbook import Playbook
from servicebook.language import inline
from servicebook.language.answers import Form, begins
from servicebook.language.messages import Messages
from servicebook.views.lineup import EVERYBODY, first_id
from servicebook.views.rotation import weight

# Wrong answers of a question, where its entry has so many.
MOST_WRONG = 3
# Of so many lines that an entry avoids they are chosen: each more adds more ways to ask than the last.
_MOST_LINES = 12
# The beginning of a quotation that is shorter than this says too little to be told right from wrong.
_LEAST_LETTERS = 16
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\W\d_a-z]|[¿¡])")
_QUOTES = {"«": "»", "“": "”", '"': '"'}

# What answers are called, in their order.
LETTERS = ("a", "b", "c", "d")

# The forms of an answer that each language tells by its beginning.
_FORMS = ("named", "denied")

Kind = Literal["do", "say"]


@dataclass(frozen=True)
class Question:
    """A question of one entry: its answers in the order in which they stand, and which is right.

    `whole` is what the entry says, where the right answer is its beginning; `why` its reason. `number` counts
    the questions of one kind that its entry gives.
    """

    entry: Entry
    kind: Kind
    answers: tuple[str, ...]
    right: int
    whole: str
    why: str
    number: int = 1

    @property
    def id(self) -> str:
        """What names the question in other programs: `EXT-02.say`, and `EXT-02.say.2` for the next."""
        return f"{self.entry.id}.{self.kind}" + (f".{self.number}" if self.number > 1 else "")


class _Choice(NamedTuple):
    """One way to ask: the right answer, its whole line, the reason, the wrong ones.

    `place` is that of the right answer by length: 0 for the longest.
    """

    right: str
    whole: str
    why: str
    wrong: tuple[str, ...]
    place: int


class _Slot(NamedTuple):
    """A kind of question that an entry gives: every way to ask it, and the usual place of the right answer.

    By length that is the first or the last, as the entry says more of what is right or of what is not.
    """

    kind: Kind
    choices: list[_Choice]
    usual: int


def questions_of(
    playbook: Playbook, seed: str = "", *, one_each: bool = False, entries: Sequence[Entry] | None = None
) -> list[Question]:
    """Return every question, shuffled by the seed: else by the edition's name.

    An entry gives one for each of its phrases, and one of what to do. With `one_each` it has one: what to say
    rather than what to do. With `entries`, only these are asked.
    """
    seed = seed or playbook.settings.edition.name
    forms = _forms_in(playbook.say)
    entries = asked_of(playbook) if entries is None else entries
    slots = ((entry, slot) for entry in entries for slot in _slots_of(entry, forms, seed, one_each))
    found = [one for entry, slot in slots for one in _series(entry, slot, seed, one_each)]
    return sorted(
        found, key=lambda one: weight(seed, "order", first_id(one.entry), one.kind, *_lot(one.number))
    )


def asked_of(playbook: Playbook, most: int | None = None) -> list[Entry]:
    """Return the entries that questions are of; with `most`, so many of each job's and of everybody's, drawn
    by the edition's name."""
    entries: list[Entry] = [*playbook.of_type(Standard), *playbook.of_type(Customer)]
    if most is None or len(entries) <= most:
        return entries
    taken: Counter[str] = Counter()
    found = []
    name = playbook.settings.edition.name
    for entry in sorted(entries, key=lambda one: weight(name, "asked", first_id(one))):
        jobs = (EVERYBODY, *jobs_asked(entry))
        if any(taken[job] < most for job in jobs):
            taken.update(jobs)
            found.append(entry)
    return found


def questions_for(job: str, questions: Sequence[Question]) -> list[Question]:
    """Return the questions of a job's standards; everybody has all."""
    return [one for one in questions if job == EVERYBODY or job in jobs_asked(one.entry)]


def question_text(question: Question, say: Messages) -> str:
    """Return what is asked: what it is about, and whether what one says or what one does."""
    title = question.entry.title
    asked = say(f"quiz.ask.{question.kind}")
    return f"{title} {asked}" if title.endswith((".", "?", "!", "…")) else f"{title}. {asked}"


def jobs_asked(entry: Entry) -> Sequence[str]:
    """Return the jobs that the questions of an entry are for, besides everybody."""
    return entry.roles if isinstance(entry, Standard) else ()


def _series(entry: Entry, slot: _Slot, seed: str, one_each: bool) -> Iterator[Question]:
    """Yield the questions of one kind: the first is drawn among all ways to ask it, and then every phrase
    that is left may have one of its own.

    Of those that can only be the longest, or the shortest, two in five are asked: with the first ones, which
    are seldom so, that is as often as by chance.
    """
    first = _drawn(entry, slot, seed, 1)
    yield first
    if one_each or slot.kind == "do":
        return
    asked = first.whole or first.answers[first.right]
    phrases = dict.fromkeys(one.whole for one in slot.choices if one.whole != asked)
    for number, phrase in enumerate(phrases, 2):
        choices = [one for one in slot.choices if one.whole == phrase]
        told = {one.place for one in choices} == {slot.usual}
        if not told or weight(first_id(entry), slot.kind, phrase) % 5 < 2:
            yield _drawn(entry, slot._replace(choices=choices), seed, number)


def _lot(number: int) -> tuple[int, ...]:
    """Return what a question is drawn by besides: the first by nothing, so that a phrase more leaves it."""
    return (number,) if number > 1 else ()


def _drawn(entry: Entry, slot: _Slot, seed: str, number: int) -> Question:
    """Return a question, drawn among all the ways to ask it."""
    lot = (seed, first_id(entry), slot.kind, *_lot(number))
    place = _place(slot, *lot)
    fitting = [one for one in slot.choices if one.place == place]
    chosen = max(fitting, key=lambda one: weight(*lot, one.right, one.wrong))
    answers = sorted((chosen.right, *chosen.wrong), key=lambda one: weight(*lot, one))
    whole = chosen.whole if chosen.whole != chosen.right else ""
    return Question(entry, slot.kind, tuple(answers), answers.index(chosen.right), whole, chosen.why, number)


def _place(slot: _Slot, *lot: object) -> int:
    """Return the place by length that the right answer takes, drawn among those that its entry can give.

    Where an entry says at greater length what is right, that it is the longest is left to the entries that
    have no other way; and likewise that it is the shortest.
    """
    possible = {one.place for one in slot.choices}
    return max(possible - {slot.usual} or possible, key=lambda place: weight(*lot, place))


def _slots_of(entry: Entry, forms: Sequence[Form], seed: str, one_each: bool) -> list[_Slot]:
    """Return the kinds of question that an entry gives, or the one that it is asked by where it has one.

    What to do is asked where the form of the answers does not tell which is right, and of an entry that
    gives nothing else.
    """
    slots: list[_Slot] = []
    if isinstance(entry, Standard | Customer):
        phrases = [(inline.plain(one.say), inline.plain(one.why or "")) for one in entry.phrases]
        said = [(part, whole, why) for whole, why in phrases for part in _beginnings(whole)]
        slots += _asked("say", said, _some([inline.plain(one.avoid) for one in entry.phrases], entry, seed))
    if isinstance(entry, Standard) and not (slots and one_each):
        right = [(line, line, "") for line in inline.plain_all(entry.do)]
        for slot in _asked("do", right, _some(inline.plain_all(entry.dont), entry, seed)):
            alike = [one for one in slot.choices if _in_one_form((one.right, *one.wrong), forms)]
            if alike or not slots:
                slots.append(slot._replace(choices=alike or slot.choices))
    return slots


def _forms_in(say: Messages) -> list[Form]:
    apart = begins(say.text("language.answer.apart"))

    def form(name: str) -> Form:
        begins_so = begins(say.text(f"language.answer.{name}"))
        return lambda answer: begins_so(answer) and not apart(answer)

    return [form(name) for name in _FORMS]


def _in_one_form(answers: Sequence[str], forms: Sequence[Form]) -> bool:
    """Tell whether answers begin in one form: all or none with a verb as a noun, and likewise a denial."""
    return all(len({form(one) for one in answers}) == 1 for form in forms)


def _some(lines: Sequence[str], entry: Entry, seed: str) -> Sequence[str]:
    """Return as many lines as wrong answers are chosen of, drawn where there are more."""
    if len(lines) <= _MOST_LINES:
        return lines
    return sorted(lines, key=lambda line: weight(seed, first_id(entry), line))[:_MOST_LINES]


def _asked(kind: Kind, right: Sequence[tuple[str, str, str]], wrong: Sequence[str]) -> Iterator[_Slot]:
    lines = [*dict.fromkeys(wrong)]
    said = [one for one in right if one[0] not in lines]
    if not lines or not said:
        return
    several = [*combinations(lines, min(MOST_WRONG, len(lines)))]
    choices = [
        _Choice(*one, some, sum([len(line) > len(one[0]) for line in some]))
        for one in said
        for some in several
    ]
    longer = fmean([len(whole) for _, whole, _ in said]) > fmean(map(len, lines))
    yield _Slot(kind, choices, 0 if longer else len(several[0]))


def _beginnings(phrase: str) -> list[str]:
    """Return a quotation up to the end of each of its sentences; what is no single quotation stays whole."""
    closing = _QUOTES.get(phrase[:1], "")
    inner = phrase[1:-1]
    if not closing or not phrase.endswith(closing) or closing in inner or phrase[0] in inner:
        return [phrase]
    ends = [match.start() for match in _SENTENCE_END.finditer(inner)]
    parts = [f"{phrase[0]}{inner[:end]}{closing}" for end in (*ends, len(inner))]
    return [part for part in parts if len(part) >= _LEAST_LETTERS or part == phrase]
