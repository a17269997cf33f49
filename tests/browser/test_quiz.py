"""The quiz on screen: ten questions at a time, marked, with what to read again and the result kept."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Browser, Page, expect

from servicebook.content.playbook import Playbook
from servicebook.language.messages import messages_in
from servicebook.site.site import read_playbook
from servicebook.views.quiz import Question, questions_for, questions_of
from tests.browser.test_checklists import BLOCKED, FULL
from tests.conftest import ROOT

SAY = messages_in("es")
NOW = dt.datetime(2026, 12, 9, 10, 0)
JOB = "ventas"


def asked_of(playbook: Playbook) -> list[Question]:
    """Return the questions of the page: one of each entry."""
    return questions_of(playbook, one_each=True)


def open_quiz(page: Page, address: str, job: str = "") -> None:
    page.goto(address)
    expect(page.locator("[data-pb-quiz][data-pb-ready]")).to_have_count(1)
    page.locator("[data-pb-job]").select_option(job)


def answer(page: Page, asked: list[Question], wrong: int) -> None:
    """Answer the questions shown by keyboard, the first `wrong` of them wrongly."""
    for place, question in enumerate(asked):
        choice = (question.right + 1) % len(question.answers) if place < wrong else question.right
        fields = page.locator(f'[data-pb-question="{question.id}"] input')
        expect(fields).to_have_count(len(question.answers))
        fields.nth(choice).press("Space")


def test_ten_questions_are_marked_and_what_to_read_again_is_named(
    browser: Browser, reference_url: str
) -> None:
    playbook = read_playbook(ROOT, NOW.date())[0]
    own = questions_for(JOB, asked_of(playbook))
    with browser.new_context() as context:
        page = context.new_page()
        page.clock.set_fixed_time(NOW)
        open_quiz(page, f"{reference_url}cuestionario/?t={JOB}&e=2026.1&v=abc", JOB)
        expect(page.locator("[data-pb-question]:visible")).to_have_count(10)
        expect(page.locator("[data-pb-key]:visible")).to_have_count(0)
        expect(page.locator("[data-pb-scanned] a")).to_have_attribute(
            "href", f"{reference_url}p/?e=2026.1&v=abc"
        )
        # Nothing is marked before all is answered; what is open gets the focus.
        answer(page, own[:9], 2)
        page.locator("[data-pb-check]").press("Enter")
        expect(page.locator("[data-pb-message]")).to_have_text(SAY("quiz.unanswered", count=1))
        expect(page.locator(f'[data-pb-question="{own[9].id}"] input').first).to_be_focused()
        answer(page, own[9:10], 0)
        page.locator("[data-pb-check]").press("Enter")
        score = SAY("quiz.score", right=8, count=10)
        said = f"{score} {SAY('quiz.kept')} {SAY('quiz.read')}"
        expect(page.locator("[data-pb-score]")).to_have_text(said)
        expect(page.locator("[data-pb-result]")).to_be_focused()
        expect(page.locator("[data-pb-result]")).to_have_attribute("role", "status")
        entries = dict.fromkeys(f"{one.entry.id} {one.entry.title}" for one in own[:2])
        expect(page.locator("[data-pb-read] a")).to_have_text([*entries])
        expect(page.locator("[data-pb-mark]:visible")).to_have_text(
            [SAY("quiz.wrong")] * 2 + [SAY("quiz.right")] * 8
        )
        # The result outlives the page, with its time and its edition; the next ten go on from there.
        open_quiz(page, f"{reference_url}cuestionario/", JOB)
        last = SAY(
            "quiz.last",
            right=8,
            count=10,
            date=SAY.date(NOW.date()),
            hour="10:00",
            edition=playbook.settings.edition.name,
        )
        expect(page.locator("[data-pb-last]")).to_have_text(last)
        first = page.locator("[data-pb-question]:visible").first
        expect(first).to_have_attribute("data-pb-question", own[10].id)
        page.locator("[data-pb-job]").select_option("")
        expect(page.locator("[data-pb-last]")).to_be_hidden()
        # Another edition asks other questions: it begins with the first, and says whose the result was.
        page.evaluate(
            """(job) => {
                const [key] = Object.keys(localStorage).filter((one) => one.endsWith(`:quiz:${job}`));
                localStorage[key] = JSON.stringify({ ...JSON.parse(localStorage[key]), edition: "2020.1" });
            }""",
            JOB,
        )
        open_quiz(page, f"{reference_url}cuestionario/", JOB)
        expect(page.locator("[data-pb-last]")).to_contain_text("2020.1")
        expect(first).to_have_attribute("data-pb-question", own[0].id)


@pytest.mark.parametrize("trouble", [FULL, BLOCKED], ids=["full", "blocked"])
def test_a_result_that_could_not_be_kept_is_not_said_to_be(
    browser: Browser, reference_url: str, trouble: str
) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(trouble)
        open_quiz(page, f"{reference_url}cuestionario/", JOB)
        own = questions_for(JOB, asked_of(read_playbook(ROOT, NOW.date())[0]))
        answer(page, own[:10], 0)
        page.locator("[data-pb-check]").click()
        expect(page.locator("[data-pb-score]")).to_contain_text(SAY("quiz.unkept"))
        assert SAY("quiz.kept") not in page.locator("[data-pb-score]").inner_text()


def test_back_from_what_to_read_again_returns_to_the_round(browser: Browser, reference_url: str) -> None:
    """Also where the browser loads the page anew; the round after it is another."""
    own = questions_for(JOB, asked_of(read_playbook(ROOT, NOW.date())[0]))
    with browser.new_context() as context:
        page = context.new_page()
        open_quiz(page, f"{reference_url}cuestionario/", JOB)
        answer(page, own[:10], 3)
        page.locator("[data-pb-check]").click()
        said = page.locator("[data-pb-result]").inner_text()
        page.locator("[data-pb-read] a").first.click()
        page.wait_for_url(lambda address: "cuestionario" not in address)
        page.go_back()
        expect(page.locator("[data-pb-result]")).to_have_text(said, use_inner_text=True)
        expect(page.locator("[data-pb-result]")).to_be_focused()
        expect(page.locator("[data-pb-mark]:visible")).to_have_text(
            [SAY("quiz.wrong")] * 3 + [SAY("quiz.right")] * 7
        )
        page.locator("[data-pb-next]").click()
        page.reload()
        expect(page.locator("[data-pb-question]:visible").first).to_have_attribute(
            "data-pb-question", own[10].id
        )
        expect(page.locator("[data-pb-score]")).to_have_text("")


def test_the_round_after_the_last_begins_anew(browser: Browser, reference_url: str) -> None:
    own = questions_for("capacitacion", asked_of(read_playbook(ROOT, NOW.date())[0]))
    with browser.new_context() as context:
        page = context.new_page()
        open_quiz(page, f"{reference_url}cuestionario/", "capacitacion")
        for first in range(0, len(own), 10):
            answer(page, own[first : first + 10], 0)
            page.locator("[data-pb-check]").click()
            expect(page.locator("[data-pb-score]")).to_contain_text(SAY("quiz.all_right"))
            goes_on = SAY("quiz.next" if first + 10 < len(own) else "quiz.anew")
            expect(page.locator("[data-pb-next]")).to_have_text(goes_on)
            page.locator("[data-pb-next]").click()
        shown = page.locator("[data-pb-question]:visible")
        expect(shown).to_have_count(min(10, len(own)))
        expect(shown.first).to_have_attribute("data-pb-question", own[0].id)
        expect(shown.first.locator("input").first).to_be_focused()
        expect(page.locator("[data-pb-question] input:checked")).to_have_count(0)


def test_without_a_script_every_question_has_its_key(browser: Browser, reference_url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{reference_url}cuestionario/")
        count = len(asked_of(read_playbook(ROOT, NOW.date())[0]))
        expect(page.locator("[data-pb-question]")).to_have_count(count)
        expect(page.locator("[data-pb-deeds]")).to_be_hidden()
        key = page.locator("[data-pb-key]").first
        expect(key.locator("a")).to_be_hidden()
        key.locator("summary").click()
        expect(key.locator("a")).to_be_visible()
