"""Faults planted in the templates of paper, each of which the contract of `test_paper` must notice."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from servicebook.content.playbook import Playbook
from servicebook.language.messages import messages_in
from servicebook.paper import typeset
from servicebook.paper.sheet import Sheet
from servicebook.paper.sheets import Sheets
from servicebook.paper.typeset import render_pdf
from servicebook.site.site import read_playbook
from tests import test_paper as contract
from tests.conftest import ROOT
from tests.printed import read_pdf

SAY = messages_in("es")
SIZE = "Letter"


class Fault(NamedTuple):
    """What is planted: the form, the template, what in it becomes what, and the check that notices."""

    form: str
    template: str
    old: str
    new: str
    check: str


FAULTS = {
    "what is worked by is small": Fault(
        "guide", "common", "(11pt, 10.5pt, 10.5pt, 10.5pt)", "((9.5pt,) * 4)",
        "what_is_worked_by_is_large_enough"
    ),
    "a note is smaller than anybody reads": Fault(
        "lineup", "lineup", "text(size: 9pt, fill: grey, day.id)", "text(size: 7pt, day.id)",
        "no_letter_is_smaller_than_nine_points",
    ),
    "a box is too small for a pencil": Fault(
        "checklist", "common", "#let tick(size: tick-size)", "#let tick(size: 4mm)",
        "every_box_takes_a_pencil"
    ),
    "a foot has no code": Fault(
        "role_play", "common", "(qr(code),)", "([],)", "the_code_of_every_page_leads_to_its_address"
    ),
    "a foot has the code of another": Fault(
        "deck", "deck", "data.plays.at(begun.get().first() - 1)", "data.plays.first()",
        "the_code_of_every_page_leads_to_its_address",
    ),
    "a foot does not say where to ask": Fault(
        "audit", "common", "*#web(address)*", "", "every_page_says_its_edition_and_where_to_ask"
    ),
    "what to do looks like what not to": Fault(
        "guide", "common", 'sign("#fff", "#000", "M4.8', 'sign("#000", "#fff", "M4.8',
        "what_to_do_and_what_not_to_are_drawn",
    ),
    "a colour that grey printers lose": Fault(
        "lineup", "common", "#let grey = luma(70)", '#let grey = rgb("#c04000")', "grey_loses_nothing"
    ),
    "a question is left out": Fault(
        "lineup", "lineup", "grid.cell(colspan: 2, strong(day.question)),", "",
        "paper_says_what_its_sheet_says",
    ),
    "nobody can sign": Fault(
        "lineup", "lineup", 'strong(say("paper.lineup.signature"))', "[]",
        "it_is_read_in_the_order_of_its_content",
    ),
    "the second column is read first": Fault(
        "guide", "guide", "(yes(pair.say), no(pair.avoid))", "(no(pair.avoid), yes(pair.say))",
        "it_is_read_in_the_order_of_its_content",
    ),
    "text stands where printers do not reach": Fault(
        "guide", "common", "#let side = 15mm", "#let side = 2mm", "no_text_leaves_the_sheet_or_is_covered"
    ),
    "a heading covers the line above it": Fault(
        "lineup", "lineup", "#heading(level: 2, say(\"paper.lineup.plan\"))",
        "#v(-7mm)\n#heading(level: 2, say(\"paper.lineup.plan\"))", "no_text_leaves_the_sheet_or_is_covered",
    ),
    "the key stands behind the questions": Fault(
        "quiz", "quiz", "if calc.even(", "if calc.odd(", "the_key_is_on_a_leaf_of_its_own"
    ),
    "an answer is left out": Fault(
        "quiz", "quiz", "..it.answers.enumerate()", "..it.answers.slice(1).enumerate()",
        "paper_says_what_its_sheet_says",
    ),
    "a letter is not the key's": Fault(
        "quiz", "quiz", '("a", "b", "c", "d")', '("b", "a", "c", "d")',
        "it_is_read_in_the_order_of_its_content",
    ),
    "a question goes over to the next page": Fault(
        "quiz", "quiz", "question(number, it) = block(breakable: false,", "question(number, it) = block(",
        "no_line_is_split",
    ),
    "a guide has the code of another": Fault(
        "session", "session", "data.plays.at(begun.get().first() - 1)", "data.plays.first()",
        "the_code_of_every_page_leads_to_its_address",
    ),
    "a session does not say how long it takes": Fault(
        "session", "steps", "  if total { par", "  if false { par",
        "paper_says_what_its_sheet_says",
    ),
    "the mark of what was read is small": Fault(
        "training", "training", "it.title, it.mark)", "it.title, code(it.mark))",
        "what_is_worked_by_is_large_enough",
    ),
    "nobody can be given the certificate": Fault(
        "training", "training", "data.certificate.text)", "[])", "paper_says_what_its_sheet_says"
    ),
    "a file has no name": Fault(
        "guide", "common", "title: data.document,", 'title: "Sin nombre",', "a_reader_that_speaks_can_read_it"
    ),
    "a poster is set smaller to make room": Fault(
        "poster", "poster", "#let readable = 40pt", "#let readable = 34pt", "a_poster_is_read_from_two_metres"
    ),
    "a poster leaves out what not to do": Fault(
        "poster", "poster", "  ..data.dont.map(line => (no(line, gutter: 4mm), 1)),\n", "",
        "paper_says_what_its_sheet_says",
    ),
    "a standard does not say how it is checked": Fault(
        "standard", "standard", "  ..checks,\n", "", "paper_says_what_its_sheet_says"
    ),
    "a standard has no id": Fault(
        "standard", "standard", "#head(form: [#data.id · #data.form])", "#head()",
        "a_standard_on_one_sheet_says_its_id",
    ),
    "what is not said looks like what is": Fault(
        "standard", "standard", "{ no(right.at(i)) }", "{ yes(right.at(i)) }",
        "what_to_do_and_what_not_to_are_drawn",
    ),
    "a card does not say of which edition it is": Fault(
        "deck", "cards", 'say("paper.card.edition", name: data.edition_name)', '""',
        "a_card_keeps_what_it_is_of_once_it_is_cut_out",
    ),
    "a card does not say how much it weighs": Fault(
        "deck", "cards", '(play.channel, play.at("level", default: ""))', '(play.channel,)',
        "a_card_keeps_what_it_is_of_once_it_is_cut_out",
    ),
    "a card has no title on its back": Fault(
        "role_play", "cards", "pdf.artifact(strong(title)),", "if is-first { pdf.artifact(strong(title)) },",
        "a_card_keeps_what_it_is_of_once_it_is_cut_out",
    ),
    "who observes has nothing to look for": Fault(
        "role_play", "cards", 'play.at("rubric", default: ())', "()", "paper_says_what_its_sheet_says"
    ),
    "who plays is told what goes wrong": Fault(
        "role_play", "cards", "    backs: (),\n", "    backs: ((plain, play.goes_wrong),),\n",
        "the_answer_is_on_its_own_card_and_the_rubric_on_the_observers",
    ),
    "a back lies behind another card": Fault(
        "role_play", "cards", "else { across - 1 - column }", "else { column }",
        "the_back_of_a_card_lies_behind_its_front",
    ),
    "backs stand lower than their fronts": Fault(
        "credo", "credo", "#cards(back)", "#v(2mm)\n#cards(back)", "the_back_of_a_card_lies_behind_its_front"
    ),
    "a card is too large for a wallet": Fault(
        "credo", "credo", "(85mm, 54mm)", "(88mm, 54mm)", "a_card_to_carry_is_as_large_as_a_bank_card"
    ),
    "what is cut looks like a fold": Fault(
        "pocket", "pocket", "stroke-line(x, y, high, cut-line, upright: true)",
        "stroke-line(x, y, high, fold-line, upright: true)", "lines_look_like_what_is_asked_of_the_hand",
    ),
    "a fold looks like a cut": Fault(
        "pocket", "common", 'thickness: 0.8pt, dash: "dashed")', "thickness: 0.8pt)",
        "lines_look_like_what_is_asked_of_the_hand",
    ),
    "a card is folded into a roll": Fault(
        "pocket", "pocket", "calc.odd(nth) !=", "calc.odd(1) !=", "lines_look_like_what_is_asked_of_the_hand"
    ),
    "a panel does not say what its lines are of": Fault(
        "pocket", "pocket", "(small-row(item), 1, pdf.artifact(again))", "(small-row(item), 1, none)",
        "a_panel_begins_with_what_its_lines_are_of",
    ),
    "a tent has one side upside down": Fault(
        "tent", "tent", "rotate(180deg, body)", "body", "a_tent_stands_and_reads_from_both_sides"
    ),
    "a tent does not say where to fold first": Fault(
        "tent", "tent", "fold(1, ", "fold(4, ", "lines_look_like_what_is_asked_of_the_hand"
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return read_playbook(ROOT, dt.date(2026, 11, 22))[0]


@pytest.fixture(scope="module")
def sheets(playbook: Playbook) -> list[Sheet]:
    return list(Sheets(playbook, SAY).all())


def print_some(playbook: Playbook, sheets: list[Sheet], form: str) -> contract.Papers:
    """Print a few documents of a form, and return what the contract takes."""
    some = [sheet for sheet in sheets if sheet.form == form][: 5 if form in ("guide", "pocket") else 1]
    if form in contract.BY_PLAY:  # two of its plays show what all do
        some = [
            replace(
                one, content={"plays": one.content["plays"][:2]}, pages=2 * contract.PAGES_OF_A_PLAY[form]
            )
            for one in some
        ]
    papers = [
        contract.Paper(sheet, SIZE, read_pdf(render_pdf(sheet, SIZE, playbook.settings, SAY)))
        for sheet in some
    ]
    return lambda form, size: papers


def holds(fault: Fault, playbook: Playbook, papers: contract.Papers) -> None:
    """Run the check that belongs to a fault."""
    check = getattr(contract, f"test_{fault.check}")
    given = {
        "papers": papers,
        "form": fault.form,
        "size": SIZE,
        "playbook": playbook,
        "boxes": 1,
        "folds": 3 if fault.form == "tent" else None,
        "source": contract.Source(ROOT / "playbook"),
    }
    check(**{name: given[name] for name in check.__code__.co_varnames[: check.__code__.co_argcount]})


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_noticed(
    playbook: Playbook, sheets: list[Sheet], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    fault = FAULTS[name]
    holds(fault, playbook, print_some(playbook, sheets, fault.form))
    shutil.copytree(typeset.FOLDER, tmp_path / "paper", ignore=shutil.ignore_patterns("*.py", "fonts"))
    template = tmp_path / "paper" / f"{fault.template}.typ"
    text = template.read_text("utf-8")
    assert text.count(fault.old) == 1
    template.write_text(text.replace(fault.old, fault.new), "utf-8")
    monkeypatch.setattr(typeset, "FOLDER", tmp_path / "paper")
    # A compiler keeps the templates that it has read.
    monkeypatch.setattr(typeset, "_compilers", threading.local())
    planted = print_some(playbook, sheets, fault.form)
    with pytest.raises(AssertionError):
        holds(fault, playbook, planted)
