"""The weekly line-up on screen: this week first, a job's own standards, and what a scanned sheet leads to."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Browser, Page, expect

from servicebook.language.messages import messages_in
from servicebook.site.site import read_playbook
from servicebook.views.lineup import weeks_of
from tests.conftest import ROOT

SAY = messages_in("es")
# A Wednesday of the calendar's third week.
NOW = dt.datetime(2026, 12, 9, 10, 0)


def open_at(browser: Browser, address: str, now: dt.datetime) -> Page:
    page = browser.new_page()
    page.clock.set_fixed_time(now)
    page.goto(address)
    return page


def test_this_week_comes_first_with_the_standards_of_ones_job(browser: Browser, reference_url: str) -> None:
    playbook = read_playbook(ROOT, NOW.date())[0]
    page = open_at(browser, f"{reference_url}semana/?s=2026-s50&e=2026.1&v=abc", NOW)
    week = page.locator("[data-pb-now] [data-pb-week]")
    expect(week).to_have_attribute("data-pb-from", "2026-12-07")
    expect(week).to_have_attribute("open", "")
    expect(page.locator("[data-pb-week][open]")).to_have_count(1)
    expect(page.locator("[data-pb-over]")).to_be_hidden()
    expect(page.locator("[data-pb-scanned] a")).to_have_attribute("href", f"{reference_url}p/?e=2026.1&v=abc")
    page.locator("[data-pb-job]").select_option("ventas")
    own = next(one for one in weeks_of(playbook, "ventas") if str(one.monday) == "2026-12-07")
    names = [
        f"{day.standard.id} {day.standard.title}" if day.standard else SAY("paper.lineup.practice")
        for day in own.days
    ]
    lines = [f"{SAY.day(day.date)} {name}" for day, name in zip(own.days, names, strict=True)]
    expect(week.locator("li time + *")).to_have_text(names)
    expect(week.locator("li", has=page.locator("time"))).to_have_text(lines)
    expect(week.locator(".pb-files__what")).to_have_text(SAY("paper.form.lineup"))
    link = week.locator("li a").first
    expect(link).to_have_attribute("href", f"../estandares/{names[0].split()[0].lower()}/")
    page.close()


def test_this_week_is_what_is_printed(browser: Browser, reference_url: str) -> None:
    page = open_at(browser, f"{reference_url}semana/", NOW)
    expect(page.locator("[data-pb-now]")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("[data-pb-week]:visible")).to_have_count(1)
    expect(page.locator("[data-pb-now] [data-pb-week] li").first).to_be_visible()
    expect(page.locator("h2:visible")).to_have_text(SAY("week.now"))
    page.close()


def test_a_calendar_left_open_is_of_the_week_that_it_is(browser: Browser, reference_url: str) -> None:
    page = browser.new_page()
    page.clock.install(time=NOW)
    page.goto(f"{reference_url}semana/")
    first = page.locator("[data-pb-now] [data-pb-week]")
    expect(first).to_have_attribute("data-pb-from", "2026-12-07")
    mondays = "all => all.map((week) => week.dataset.pbFrom)"
    before = page.locator("[data-pb-week]").evaluate_all(mondays)
    page.clock.fast_forward(dt.timedelta(days=4, hours=22) // dt.timedelta(milliseconds=1))
    expect(first).to_have_attribute("data-pb-from", "2026-12-14")
    expect(page.locator("[data-pb-week][open]")).to_have_count(1)
    # The one before stands in its place again, and files with it.
    after = page.locator("[data-pb-week]").evaluate_all(mondays)
    assert after[0] == "2026-12-14"
    assert sorted(after[1:]) == after[1:]
    assert sorted(after) == sorted(before)
    page.close()


def test_after_the_last_week_it_says_so(browser: Browser, reference_url: str) -> None:
    *_, last = weeks_of(read_playbook(ROOT, NOW.date())[0])
    sunday = dt.datetime.combine(last.monday + dt.timedelta(days=6), dt.time(10))
    page = open_at(browser, f"{reference_url}semana/", sunday)
    expect(page.locator("[data-pb-now] [data-pb-week]")).to_have_attribute("data-pb-from", str(last.monday))
    expect(page.locator("[data-pb-over]")).to_be_hidden()
    page.clock.set_fixed_time(sunday + dt.timedelta(days=1))
    page.reload()
    expect(page.locator("[data-pb-over]")).to_be_visible()
    expect(page.locator("[data-pb-now]")).to_be_hidden()
    expect(page.locator("[data-pb-week][open]")).to_have_count(1)
    page.close()


def test_without_a_script_the_calendar_is_everybodys(browser: Browser, reference_url: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{reference_url}semana/")
    expect(page.locator("[data-pb-week]")).to_have_count(53)
    expect(page.locator("[data-pb-week][open] li").first).to_be_visible()
    for part in ("over", "now", "scanned"):
        expect(page.locator(f"[data-pb-{part}]")).to_be_hidden()
    page.context.close()
