"""Runs that know when they are, that end, and that lose nothing: clocks, windows, full storage, odd files."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from itertools import cycle, product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.browser.test_checklists import (
    AUDIT,
    BLOCKED,
    CHECKLIST,
    FULL,
    answer,
    box,
    build,
    new_context,
    open_list,
    row,
)
from tests.conftest import DESK, PHONE, ROOT, MakeProject, Serve, at_both_widths, copy_project
from tests.scoring import Case, random_cases, told_cases

MEXICO = "America/Mexico_City"
PHOTO = ROOT / "overrides" / "assets" / "icons" / "icon-512.png"


# A list of the reference playbook for each period.
LISTS = {
    "visit": "listas/llamada-telefonica/",
    "shift": "listas/arranque-de-turno/",
    "day": "listas/apertura-mostrador/",
    "week": "listas/revision-semanal-lider/",
    "month": "listas/atencion-sin-barreras/",
    "once": "listas/primera-semana/",
}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> dict[str, str]:
    """Return the addresses of sites whose checklist is of a day, is scored, and is signed by two."""
    edits = {
        "day": "period: day\n",
        "scored": "period: month\nscored: true\n",
        "dated": "period: once\nscored: true\ndated: true\n",
        "signed": "signers:\n  - role: Quien sale\n  - role: Quien entra\n    hour: true\n",
    }
    texts = {name: AUDIT.replace("scored: true\n", edit) for name, edit in edits.items()}
    return {
        name: serve(build(copy_project(tmp_path_factory.mktemp(name), {CHECKLIST: text})))
        for name, text in texts.items()
    }


class Device:
    """A browser profile that is closed and opened again, elsewhere and at another time."""

    def __init__(self, browser: Browser, viewport: ViewportSize) -> None:
        self._browser = browser
        self._viewport = viewport
        self._state: Any = None
        self._context: BrowserContext | None = None

    def at(self, moment: str, zone: str = MEXICO) -> Page:
        """Open a page at a local time in a zone, with what the device kept."""
        if self._context:
            self._state = self._context.storage_state()
            self._context.close()
        self._context = self._browser.new_context(
            viewport=self._viewport,
            storage_state=self._state,
            timezone_id=zone,
            service_workers="block",
        )
        page = self._context.new_page()
        page.set_default_timeout(30_000)
        page.clock.install(time=dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)))
        return page

    def close(self) -> None:
        if self._context:
            self._context.close()


@pytest.fixture
def device(browser: Browser, viewport: ViewportSize) -> Iterator[Device]:
    device = Device(browser, viewport)
    yield device
    device.close()


def finish(page: Page, name: str = "Ana") -> None:
    page.get_by_role("button", name="Terminar", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="¿Terminar esta verificación?")
    expect(dialog).to_be_visible()
    for line in dialog.get_by_role("textbox").all():
        line.fill(name)
    dialog.get_by_role("button", name="Terminar", exact=True).click()
    expect(page.locator(".pb-checklist--ended")).to_be_visible()


LIGHT = "Encendí la luz."
# What was begun when, and looked at when: whether it is still the same run.
CLOCKS = {
    "the same day": ("day", "2026-11-24T08:00", MEXICO, "2026-11-24T22:00", MEXICO, True),
    "midnight": ("day", "2026-11-24T23:59", MEXICO, "2026-11-25T00:01", MEXICO, False),
    "a shift past midnight": ("shift", "2026-11-24T22:00", MEXICO, "2026-11-25T05:30", MEXICO, True),
    "the shift after": ("shift", "2026-11-24T06:00", MEXICO, "2026-11-24T18:00", MEXICO, False),
    "a visit past midnight": ("visit", "2026-11-24T23:30", MEXICO, "2026-11-25T00:30", MEXICO, True),
    "a visit of yesterday": ("visit", "2026-11-24T10:00", MEXICO, "2026-11-25T10:00", MEXICO, False),
    "within a week": ("week", "2026-11-23T08:00", MEXICO, "2026-11-29T23:00", MEXICO, True),
    "the week's end": ("week", "2026-11-29T23:00", MEXICO, "2026-11-30T00:30", MEXICO, False),
    "a week over the year's end": ("week", "2026-12-31T08:00", MEXICO, "2027-01-03T08:00", MEXICO, True),
    "within a month": ("month", "2026-11-01T00:10", MEXICO, "2026-11-30T23:50", MEXICO, True),
    "the month's end": ("month", "2026-11-30T23:50", MEXICO, "2026-12-01T00:10", MEXICO, False),
    "once is once": ("once", "2026-01-01T08:00", MEXICO, "2026-11-30T08:00", MEXICO, True),
    "a journey west, back over midnight": (
        "day", "2026-11-25T00:30", MEXICO, "2026-11-24T23:00", "America/Tijuana", True,
    ),
    "a journey east, over midnight": (
        "day", "2026-11-24T22:30", "America/Tijuana", "2026-11-25T01:00", "America/Cancun", False,
    ),
    "the hour that is skipped in spring": (
        "shift", "2026-03-07T22:00", "America/Tijuana", "2026-03-08T08:30", "America/Tijuana", True,
    ),
    "the hour that comes twice in autumn": (
        "shift", "2026-10-31T22:30", "America/Tijuana", "2026-11-01T08:00", "America/Tijuana", False,
    ),
    "the day that has 23 hours": (
        "day", "2026-03-08T00:10", "America/Tijuana", "2026-03-08T23:50", "America/Tijuana", True,
    ),
    "the clock set back an hour": ("day", "2026-11-25T00:20", MEXICO, "2026-11-24T23:20", MEXICO, True),
    "the clock set back over the week's end": (
        "week", "2026-11-30T00:20", MEXICO, "2026-11-29T23:20", MEXICO, True,
    ),
    "the clock set back over the month's end": (
        "month", "2026-12-01T00:20", MEXICO, "2026-11-30T23:20", MEXICO, True,
    ),
    "the clock set back in a shift": ("shift", "2026-11-25T00:20", MEXICO, "2026-11-24T23:20", MEXICO, True),
    "the clock set back for good": ("visit", "2026-11-27T08:00", MEXICO, "2026-11-24T08:00", MEXICO, False),
    "a shift, and a journey east": (
        "shift", "2026-11-24T22:00", "America/Tijuana", "2026-11-25T05:00", "America/Cancun", True,
    ),
    "a visit, and a journey east over midnight": (
        "visit", "2026-11-24T22:00", "America/Tijuana", "2026-11-25T03:30", "America/Cancun", True,
    ),
    "a week, and a journey west over its end": (
        "week", "2026-11-30T00:30", MEXICO, "2026-11-29T23:00", "America/Tijuana", True,
    ),
    "a month, and a journey east over its end": (
        "month", "2026-11-30T22:30", "America/Tijuana", "2026-12-01T01:00", "America/Cancun", False,
    ),
    "the week that has an hour less": (
        "week", "2026-03-02T00:10", "America/Tijuana", "2026-03-08T23:50", "America/Tijuana", True,
    ),
    "the month that has an hour more": (
        "month", "2026-11-01T00:10", "America/Tijuana", "2026-11-30T23:50", "America/Tijuana", True,
    ),
    "the clock was a year ahead": ("day", "2027-11-24T08:00", MEXICO, "2026-11-24T08:00", MEXICO, False),
}  # fmt: skip


def clocks_at_widths() -> Iterator[Any]:
    """Yield the clocks by turns on a phone and at a desk, so that each period is kept and ended at both."""
    alike: dict[tuple[str, bool], list[str]] = {}
    for name, (period, *_, same) in CLOCKS.items():
        alike.setdefault((period, same), []).append(name)
    both = (PHONE, DESK)
    for names in alike.values():
        turns = product(names, both) if len(names) == 1 else zip(names, cycle(both), strict=False)
        for name, viewport in turns:
            yield pytest.param(viewport, CLOCKS[name], id=f"{name}-{viewport['width']}")


def first_box(page: Page) -> Locator:
    return page.locator("[data-pb-item] input[type=checkbox]").first


@pytest.mark.parametrize(("viewport", "case"), list(clocks_at_widths()))
def test_a_run_knows_when_it_is(
    device: Device, reference_url: str, case: tuple[str, str, str, str, str, bool]
) -> None:
    period, begun, zone, seen, other_zone, same = case
    page = device.at(begun, zone)
    open_list(page, reference_url, LISTS[period])
    first_box(page).check()
    page = device.at(seen, other_zone)
    open_list(page, reference_url, LISTS[period])
    if same:
        expect(first_box(page)).to_be_checked()
        expect(page.locator("[data-pb-previous]")).to_be_hidden()
    else:
        expect(first_box(page)).not_to_be_checked()
        expect(page.locator("[data-pb-previous]")).to_contain_text("¿Seguir o empezar?")
        page.get_by_role("button", name="Seguir con").click()
        expect(first_box(page)).to_be_checked()


def test_a_clock_that_was_ahead_outweighs_nothing_said_since(device: Device, reference_url: str) -> None:
    """What is said later is later, whatever the hour that the device took it for."""
    page = device.at("2026-11-25T08:00")
    open_list(page, reference_url, LISTS["month"])
    first_box(page).check()
    page = device.at("2026-11-24T12:00")
    open_list(page, reference_url, LISTS["month"])
    first_box(page).uncheck()
    open_list(page, reference_url, LISTS["month"])
    expect(first_box(page)).not_to_be_checked()

    page = device.at("2027-11-24T08:00")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    page = device.at("2026-11-24T12:00")
    open_list(page, reference_url, LISTS["day"])
    page.get_by_role("button", name="Empezar otra vez").click()
    page.locator("[data-pb-item] input[type=checkbox]").nth(1).check()
    open_list(page, reference_url, LISTS["day"])
    expect(page.locator("[data-pb-item] input[type=checkbox]").nth(1)).to_be_checked()
    expect(first_box(page)).not_to_be_checked()


@at_both_widths
def test_yesterdays_list_is_seen_and_todays_is_blank(device: Device, reference_url: str) -> None:
    page = device.at("2026-11-24T08:00")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    finish(page)
    page = device.at("2026-11-24T19:00")
    open_list(page, reference_url, LISTS["day"])
    expect(page.locator("[data-pb-verdict]")).to_have_text(re.compile(r"Parcial: 1 de \d"))
    page = device.at("2026-11-25T07:50")
    open_list(page, reference_url, LISTS["day"])
    expect(first_box(page)).not_to_be_checked()
    page.get_by_role("button", name="Ver la de ayer").click()
    expect(page.locator("[data-pb-about]")).to_contain_text("24 de noviembre de 2026")
    expect(page.locator("[data-pb-about]")).to_contain_text("Ana")


def test_what_is_left_of_yesterday_is_counted_by_the_list_of_today(
    device: Device, make_project: MakeProject, serve: Serve
) -> None:
    project = make_project({CHECKLIST: AUDIT.replace("scored: true", "period: day")})
    url = serve(build(project))
    page = device.at("2026-11-24T08:00")
    open_list(page, url)
    for each in page.locator("[data-pb-item] input[type=checkbox]").all():
        each.check()
    all_rows = page.locator("[data-pb-item]").count()
    edited = AUDIT.replace("scored: true", "period: day").replace("Encendí la luz.", "Apagué la luz.")
    edited = edited.replace("      - id: caja\n        text: Conté la caja.\n", "")
    (project / CHECKLIST).write_text(edited, encoding="utf-8")
    build(project)
    page = device.at("2026-11-25T08:00")
    open_list(page, url)
    said = page.locator("[data-pb-previous]")
    expect(said).to_contain_text(f"con {all_rows - 2} de {all_rows - 1}.")


def test_a_note_alone_is_something_left_of_yesterday(device: Device, sites: dict[str, str]) -> None:
    page = device.at("2026-11-24T08:00")
    open_list(page, sites["day"])
    row(page, "apertura.caja").get_by_text("Nota", exact=True).click()
    row(page, "apertura.caja").get_by_role("textbox").first.fill("La llave la tiene Beto")
    page = device.at("2026-11-25T08:00")
    open_list(page, sites["day"])
    expect(page.locator("[data-pb-previous]")).to_contain_text("Quedó sin terminar la de ayer, con 0 de ")
    page.get_by_role("button", name="Seguir con la de ayer").click()
    expect(row(page, "apertura.caja").get_by_role("textbox").first).to_have_value("La llave la tiene Beto")


def test_two_runs_of_one_day_are_told_apart(device: Device, sites: dict[str, str]) -> None:
    page = device.at("2026-11-24T08:05")
    open_list(page, sites["day"])
    box(page, LIGHT).check()
    page.clock.set_system_time(dt.datetime(2026, 11, 24, 15, 30, tzinfo=ZoneInfo(MEXICO)))
    page.get_by_role("button", name="Empezar otra").click()
    box(page, LIGHT).check()
    names = [f"Verificación del 24 de noviembre de 2026, {hour}" for hour in ("15:30", "08:05")]
    choice = page.get_by_role("combobox", name="Verificación")
    expect(choice.locator("option")).to_have_text(names)
    expect(page.locator("[data-pb-run-name]")).to_have_text(names[0])
    page.get_by_text("Ver tus verificaciones lado a lado").click()
    table = page.get_by_role("region", name="Ver tus verificaciones lado a lado")
    expect(table.locator("th[scope=col]")).to_have_text(names)
    page.get_by_label("Nombre", exact=True).fill("Ana")
    expect(choice.locator("option")).to_have_text(
        ["Ana, 24 de noviembre de 2026", "Verificación del 24 de noviembre de 2026"]
    )


def test_a_box_that_is_empty_is_not_counted(context: BrowserContext, sites: dict[str, str]) -> None:
    page = context.new_page()
    open_list(page, sites["scored"])
    ids = page.locator("[data-pb-item]").evaluate_all("all => all.map((one) => one.dataset.pbItem)")
    for one in ids:
        answer(page, one, "Cumple")
    answer(page, ids[0], "No cumple")
    answer(page, ids[1], "No aplica")
    page.locator("[data-pb-audit]").uncheck()
    expect(page.locator("[data-pb-item] input[type=checkbox]:checked")).to_have_count(len(ids) - 2)
    expect(page.locator("[data-pb-count]")).to_have_text(f"{len(ids) - 2} de {len(ids)}")
    page.get_by_role("button", name="Terminar", exact=True).first.click()
    expect(page.locator("[data-pb-finish-missing]")).to_have_text(
        f"Faltan 2 de {len(ids)} puntos. Si terminas así, queda parcial."
    )
    page.get_by_role("dialog").get_by_role("button", name="Terminar", exact=True).click()
    expect(page.locator("[data-pb-verdict]")).to_have_text(f"Parcial: {len(ids) - 2} de {len(ids)}")
    expect(page.locator("[data-pb-failed] a")).to_have_count(2)
    with page.expect_download() as waiting:
        page.locator("[data-pb-download=json]").click()
    result = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))["result"]
    assert (result["verdict"], result["done"], result["failed"]) == ("partial", len(ids) - 2, [])


@at_both_widths
def test_a_page_left_open_overnight_is_blank_in_the_morning(device: Device, reference_url: str) -> None:
    page = device.at("2026-11-24T08:00")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    page.clock.set_fixed_time(dt.datetime(2026, 11, 25, 14, 0, tzinfo=dt.UTC))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first_box(page)).not_to_be_checked()
    expect(page.locator("[data-pb-previous]")).to_contain_text("la de ayer")


@at_both_widths
def test_ticks_on_a_standard_end_with_the_day(device: Device, reference_url: str) -> None:
    boxes = "[data-pb-ticks] input"
    page = device.at("2026-11-24T08:00")
    page.goto(f"{reference_url}estandares/ext-01/")
    page.locator(boxes).first.scroll_into_view_if_needed()
    expect(page.locator("[data-pb-ticks]")).to_have_attribute("data-pb-ready", "")
    page.locator(boxes).first.check()
    for moment, kept in (("2026-11-24T20:00", True), ("2026-11-25T08:00", False)):
        page = device.at(moment)
        page.goto(f"{reference_url}estandares/ext-01/")
        page.locator(boxes).first.scroll_into_view_if_needed()
        expect(page.locator("[data-pb-ticks]")).to_have_attribute("data-pb-ready", "")
        expect(page.locator(boxes).first).to_be_checked(checked=kept)


def open_ticks(page: Page, url: str) -> Locator:
    """Open a standard and return the boxes of its short list once its script is at work."""
    page.goto(f"{url}estandares/ext-01/")
    boxes = page.locator("[data-pb-ticks] input")
    boxes.first.scroll_into_view_if_needed()
    expect(page.locator("[data-pb-ticks]")).to_have_attribute("data-pb-ready", "")
    return boxes


def at_midnight(page: Page) -> None:
    """Let the day change under a page that stays in sight, sooner than it looks at the clock by itself."""
    page.clock.set_fixed_time(dt.datetime(2026, 11, 25, 0, 10, tzinfo=ZoneInfo(MEXICO)))


@at_both_widths
def test_yesterdays_ticks_on_a_standard_left_in_view_are_not_todays(
    device: Device, reference_url: str
) -> None:
    page = device.at("2026-11-24T23:58")
    boxes = open_ticks(page, reference_url)
    boxes.nth(0).check()
    boxes.nth(1).check()
    at_midnight(page)
    boxes.nth(2).check()
    for _ in range(2):
        expect(page.locator("[data-pb-count]")).to_have_text("1 de 3")
        expect(boxes.nth(0)).not_to_be_checked()
        expect(boxes.nth(2)).to_be_checked()
        boxes = open_ticks(page, reference_url)
    # Said at the row where it happened, until the next one is ticked.
    page = device.at("2026-11-25T23:58")
    boxes = open_ticks(page, reference_url)
    expect(boxes.nth(2)).to_be_checked()
    page.clock.set_fixed_time(dt.datetime(2026, 11, 26, 0, 10, tzinfo=ZoneInfo(MEXICO)))
    boxes.nth(0).check()
    expect(page.locator("[data-pb-item]").nth(0)).to_contain_text("Es otro día")
    boxes.nth(1).check()
    expect(page.locator("[data-pb-ticks]")).not_to_contain_text("Es otro día")
    expect(page.locator("[data-pb-count]")).to_have_text("2 de 3")
    # Where nothing was ticked on the day before, nothing of it is said.
    page = device.at("2026-11-27T23:58")
    boxes = open_ticks(page, reference_url)
    page.clock.set_fixed_time(dt.datetime(2026, 11, 28, 0, 10, tzinfo=ZoneInfo(MEXICO)))
    boxes.nth(0).check()
    expect(page.locator("[data-pb-count]")).to_have_text("1 de 3")
    expect(page.locator("[data-pb-item] .pb-message")).to_have_count(0)


@pytest.mark.parametrize(("trouble", "said"), [(FULL, "no hay espacio"), (BLOCKED, "no deja guardar")])
def test_trouble_on_a_standard_names_no_way_out_that_it_has_not(
    browser: Browser, reference_url: str, trouble: str, said: str
) -> None:
    with new_context(browser, PHONE) as context:
        page = context.new_page()
        page.add_init_script(trouble)
        open_ticks(page, reference_url).first.check()
        message = page.locator("[data-pb-ticks] .pb-message:not(:empty)")
        expect(message).to_contain_text(said)
        assert "escarg" not in message.inner_text()


@at_both_widths
def test_a_tick_after_midnight_begins_the_new_days_run(device: Device, reference_url: str) -> None:
    page = device.at("2026-11-24T23:58")
    open_list(page, reference_url, LISTS["day"])
    boxes = page.locator("[data-pb-item] input[type=checkbox]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    at_midnight(page)
    boxes.nth(2).check()
    for shown in (1, 2):
        expect(page.locator("[data-pb-count]")).to_have_text(re.compile("^1 de "))
        expect(boxes.nth(2)).to_be_checked()
        expect(page.locator("[data-pb-field=date]")).to_have_value("2026-11-25")
        expect(page.locator("[data-pb-choice] option")).to_have_count(2)
        if shown == 1:
            line = page.locator("[data-pb-item]").nth(2)
            expect(line).to_contain_text("empieza con lo que acabas de poner")
            open_list(page, reference_url, LISTS["day"])
    # Who goes on with yesterday's on purpose goes on with it.
    page.locator("[data-pb-choice]").select_option(index=1)
    boxes.nth(3).check()
    expect(page.locator("[data-pb-count]")).to_have_text(re.compile("^3 de "))
    expect(page.locator("[data-pb-field=date]")).to_have_value("2026-11-24")


def test_what_is_written_after_midnight_begins_the_new_days_run(device: Device, reference_url: str) -> None:
    page = device.at("2026-11-24T23:58")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    line = page.locator("[data-pb-item]").nth(1)
    line.get_by_text("Nota", exact=True).click()
    note = line.locator("textarea")
    note.fill("Falta")
    at_midnight(page)
    note.press("End")
    note.press_sequentially(" luz")
    expect(note).to_have_value("Falta luz")
    expect(note).to_be_focused()
    expect(line).to_contain_text("empieza con lo que acabas de poner")
    expect(first_box(page)).not_to_be_checked()
    expect(page.locator("[data-pb-field=date]")).to_have_value("2026-11-25")
    open_list(page, reference_url, LISTS["day"])
    expect(note).to_have_value("Falta luz")
    page.locator("[data-pb-choice]").select_option(index=1)
    expect(note).to_have_value("Falta")
    expect(first_box(page)).to_be_checked()
    # Whose run it is, as well.
    page = device.at("2026-11-26T23:58")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    page.clock.set_fixed_time(dt.datetime(2026, 11, 27, 0, 10, tzinfo=ZoneInfo(MEXICO)))
    name = page.locator("[data-pb-field=name]")
    name.press_sequentially("Ana")
    expect(name).to_have_value("Ana")
    expect(first_box(page)).not_to_be_checked()
    expect(page.locator("[data-pb-field=date]")).to_have_value("2026-11-27")


def test_a_run_begun_after_midnight_is_scored_as_the_one_before_unless_it_was_begun_elsewhere(
    device: Device, reference_url: str
) -> None:
    page = device.at("2026-11-24T23:58")
    open_list(page, reference_url, LISTS["day"])
    audit = page.locator("[data-pb-audit]")
    lines = page.locator("[data-pb-item]")
    audit.check()
    lines.nth(0).get_by_label("Cumple", exact=True).check()
    at_midnight(page)
    lines.nth(1).get_by_label("Cumple", exact=True).check()
    expect(page.locator("[data-pb-field=date]")).to_have_value("2026-11-25")
    expect(audit).to_be_checked()
    expect(lines.nth(1).get_by_label("Cumple", exact=True)).to_be_checked()
    expect(lines.nth(0).get_by_label("Cumple", exact=True)).not_to_be_checked()
    # Another window began the next day's with ticks: what is said here goes to that one, and stays a tick.
    page.clock.set_fixed_time(dt.datetime(2026, 11, 25, 23, 58, tzinfo=ZoneInfo(MEXICO)))
    other = page.context.new_page()
    other.clock.install(time=dt.datetime(2026, 11, 26, 0, 5, tzinfo=ZoneInfo(MEXICO)))
    open_list(other, reference_url, LISTS["day"])
    first_box(other).check()
    page.clock.set_fixed_time(dt.datetime(2026, 11, 26, 0, 10, tzinfo=ZoneInfo(MEXICO)))
    lines.nth(2).get_by_label("Cumple", exact=True).click()
    expect(page.locator("[data-pb-field=date]")).to_have_value("2026-11-26")
    expect(audit).not_to_be_checked()
    expect(lines.nth(2).get_by_role("radio")).to_have_count(0)
    expect(page.locator("[data-pb-count]")).to_have_text(re.compile("^2 de "))


@at_both_widths
def test_a_page_in_view_all_night_is_blank_in_the_morning(device: Device, reference_url: str) -> None:
    page = device.at("2026-11-24T20:00")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    page.clock.fast_forward("12:00:00")
    expect(first_box(page)).not_to_be_checked()
    expect(page.locator("[data-pb-previous]")).to_contain_text("la de ayer")
    page = device.at("2026-11-24T20:00")
    boxes = open_ticks(page, reference_url)
    boxes.nth(0).check()
    page.clock.fast_forward("12:00:00")
    expect(boxes.nth(0)).not_to_be_checked()


def test_what_is_ended_after_midnight_is_what_was_filled_in(device: Device, reference_url: str) -> None:
    page = device.at("2026-11-24T23:58")
    open_list(page, reference_url, LISTS["day"])
    first_box(page).check()
    at_midnight(page)
    finish(page)
    expect(page.locator("[data-pb-verdict]")).to_have_text(re.compile(r"Parcial: 1 de \d"))
    left = page.locator("[data-pb-item]").count() - 1
    expect(page.locator("[data-pb-failed] li")).to_have_count(left)
    # It stays in sight for as long as somebody looks, though the browser fills in a field that nobody sees.
    page.clock.set_fixed_time(dt.datetime(2026, 11, 26, 8, 0, tzinfo=ZoneInfo(MEXICO)))
    filled = "(field) => { field.value = 'Beto'; field.dispatchEvent(new Event('input')); }"
    page.locator("[data-pb-field=name]").evaluate(filled)
    expect(page.locator(".pb-checklist--ended")).to_be_visible()
    expect(page.locator("[data-pb-about]")).not_to_contain_text("Beto")


@pytest.fixture
def context(browser: Browser, viewport: ViewportSize) -> Iterator[BrowserContext]:
    with new_context(browser, viewport) as context:
        context.set_default_timeout(30_000)
        yield context


def test_a_finished_audit_says_first_what_failed_and_never_changes(
    browser: Browser, make_project: MakeProject, serve: Serve
) -> None:
    project = make_project({CHECKLIST: AUDIT})
    url = serve(build(project))
    with new_context(browser, PHONE) as phone, new_context(browser, DESK) as desk:
        finished = {page: finish_an_audit(page, url) for page in (phone.new_page(), desk.new_page())}
        # Another edition rewrites the line, drops one and weighs it anew.
        edited = AUDIT.replace("Encendí la luz.", "Apagué todo lo demás.").replace(
            "      - id: caja\n        text: Conté la caja.\n", ""
        )
        (project / CHECKLIST).write_text(edited, encoding="utf-8")
        build(project)
        for page, before in finished.items():
            page.reload()
            expect(page.locator("[data-pb-see]")).to_be_visible()
            page.locator("[data-pb-see]").click()
            assert page.get_by_role("region", name="Resultado").inner_text() == before


def test_runs_side_by_side_are_told_as_each_ended_and_as_a_mended_list_reads_them(
    context: BrowserContext, make_project: MakeProject, serve: Serve
) -> None:
    page = context.new_page()
    project = make_project({CHECKLIST: AUDIT})
    url = serve(build(project))
    finish_an_audit(page, url)
    page.get_by_role("button", name="Empezar otra").click()
    answer(page, "apertura.luz", "Cumple")
    answer(page, "apertura.caja", "Cumple")
    # Spelling is mended, a row asks something else, one comes.
    edited = AUDIT.replace("Encendí la luz.", "Encendi la luz").replace("Conté la caja.", "Conté dos veces.")
    (project / CHECKLIST).write_text(
        edited + "      - id: puerta\n        text: Abrí la puerta.\n", encoding="utf-8"
    )
    build(project)
    open_list(page, url)
    expect(row(page, "apertura.luz").get_by_label("Cumple", exact=True)).to_be_checked()
    page.get_by_text("Ver tus verificaciones lado a lado").click()
    table = page.get_by_role("region", name="Ver tus verificaciones lado a lado")
    all_rows = page.locator("[data-pb-item]").count()
    told = [table.get_by_role("row", name=name).locator("td") for name in ("Avance", "Encendi la luz")]
    expect(told[0]).to_have_text([f"1 de {all_rows}", f"{all_rows - 1} de {all_rows - 1}"])
    expect(told[1]).to_have_text(["Cumple", "Cumple"])
    verdicts = table.get_by_role("row", name="Calificación").locator("td")
    expect(verdicts.nth(1)).to_have_text("Falló un punto que no puede fallar.")
    expect(table.get_by_role("row", name="Conté dos veces.").locator("td")).to_have_text(
        ["Sin responder"] * 2
    )


def finish_an_audit(page: Page, url: str) -> str:
    """Answer every row, the first with no; return what the result says of it."""
    open_list(page, url)
    ids = page.locator("[data-pb-item]").evaluate_all("all => all.map((one) => one.dataset.pbItem)")
    for one in ids[1:]:
        answer(page, one, "Cumple")
    answer(page, ids[0], "No cumple")
    failed = row(page, ids[0])
    failed.get_by_label("Qué", exact=True).fill("Practicar el saludo")
    failed.get_by_label("Quién", exact=True).fill("Beto")
    failed.get_by_label("Para cuándo").fill("2026-12-01")
    # What is done may be left unsaid where who does it is said.
    answer(page, ids[-1], "No cumple")
    row(page, ids[-1]).get_by_label("Quién", exact=True).fill("Carmen")
    finish(page)
    result = page.get_by_role("region", name="Resultado")
    expect(result.locator("[data-pb-verdict]")).to_have_text("Falló un punto que no puede fallar.")
    # What is done with it stands there too, within the first screen.
    for name in ("Compartir", "Imprimir con respuestas", "Guardar copia para otro aparato (JSON)"):
        expect(result.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    expect(result.locator("[data-pb-gates] a")).to_have_count(1)
    expect(result.locator("[data-pb-failed] a")).to_have_count(1)  # none is told twice
    expect(result.locator("[data-pb-todo]")).to_contain_text("Practicar el saludo")
    expect(result.locator("[data-pb-todo]")).to_contain_text("Beto, 1 de diciembre de 2026")
    expect(result.locator("[data-pb-todo]")).to_contain_text("Carmen")
    expect(row(page, ids[0])).to_be_hidden()
    # What failed leads to what was said of it: the rows to fill in are gone.
    for failure in result.locator(".pb-results__failures a").all():
        failure.click()
        line = result.locator("[data-pb-lines] tr:target")
        expect(line).to_be_in_viewport()
        expect(line.get_by_role("rowheader")).to_have_text(failure.inner_text())
    return result.inner_text()


@at_both_widths
def test_two_people_sign_where_the_list_says_so(context: BrowserContext, sites: dict[str, str]) -> None:
    page = context.new_page()
    open_list(page, sites["signed"])
    box(page, LIGHT).check()
    page.get_by_role("button", name="Terminar", exact=True).first.click()
    dialog = page.get_by_role("dialog", name="¿Terminar esta verificación?")
    dialog.get_by_label("Quien sale").fill("Ana")
    dialog.get_by_label("Quien entra").fill("Beto")
    dialog.get_by_role("button", name="Terminar", exact=True).click()
    about = page.locator("[data-pb-about]")
    for shown in (1, 2):
        expect(about).to_contain_text("Quien sale")
        expect(about.locator("dd", has_text=re.compile("^Beto$"))).to_have_count(1)
        # Paper has both names in their places.
        expect(page.locator("[data-pb-signed-by='Quien entra']")).to_have_text("Beto")
        if shown == 1:
            page.reload()
            page.locator("[data-pb-see]").click()


@at_both_widths
def test_who_signs_a_run_is_not_written_for_who_signs_the_next(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    page = context.new_page()
    open_list(page, sites["signed"])
    box(page, LIGHT).check()
    dialog = page.get_by_role("dialog", name="¿Terminar esta verificación?")
    leaves, comes = dialog.get_by_label("Quien sale"), dialog.get_by_label("Quien entra")
    page.get_by_role("button", name="Terminar", exact=True).first.click()
    leaves.fill("Ana")
    comes.fill("Beto")
    # Who goes back to fill in what is missing finds what they wrote.
    dialog.get_by_role("button", name="Seguir llenándola").click()
    box(page, "Conté la caja.").check()
    page.get_by_role("button", name="Terminar", exact=True).first.click()
    expect(leaves).to_have_value("Ana")
    expect(comes).to_have_value("Beto")
    dialog.get_by_role("button", name="Terminar", exact=True).click()
    page.get_by_role("button", name="Empezar otra").click()
    box(page, LIGHT).check()
    page.get_by_role("button", name="Terminar", exact=True).first.click()
    expect(leaves).to_have_value("")
    expect(comes).to_have_value("")


# What a line said, what it becomes, and whether an answer to it still holds. No two have a word that matters.
MENDED = (
    ("Encendí la luz.", "Encendi la luz", True),
    ("Abrí el portón.", "«Abrí», el PORTÓN!", True),
    ("Cambié las flores.", "Camvié las flores.", True),
    ("Serví agua de mar.", "Serví agua de mal.", False),
    ("Barrí la entrada.", "Trapeé la entrada.", False),
    ("Conté la caja.", "Conté la caja dos veces.", False),
)


def test_what_is_mended_keeps_its_answer(browser: Browser, make_project: MakeProject, serve: Serve) -> None:
    def told(texts: Iterable[str]) -> str:
        lines = "".join(
            f"      - id: luz-{place}\n        text: {json.dumps(text, ensure_ascii=False)}\n"
            for place, text in enumerate(texts)
        )
        return AUDIT.replace("scored: true\n", "").partition("      - id: luz\n")[0] + lines

    project = make_project({CHECKLIST: told(before for before, _, _ in MENDED)})
    url = serve(build(project))
    with new_context(browser, PHONE) as phone, new_context(browser, DESK) as desk:
        pages = (phone.new_page(), desk.new_page())
        for page in pages:
            open_list(page, url)
            for place in range(len(MENDED)):
                row(page, f"apertura.luz-{place}").get_by_role("checkbox").check()
        (project / CHECKLIST).write_text(told(after for _, after, _ in MENDED), encoding="utf-8")
        build(project)
        for page in pages:
            page.reload()
            expect(page.locator("[data-pb-ready]")).to_be_attached()
            for place, (_, _, kept) in enumerate(MENDED):
                line = row(page, f"apertura.luz-{place}")
                expect(line.get_by_role("checkbox")).to_be_checked(checked=kept)
                expect(line.get_by_text("Volver a revisar")).to_have_count(0 if kept else 1)


def open_in_two_windows(context: BrowserContext, address: str) -> tuple[Page, Page]:
    """Return two windows of a list, in the first of which a line was ticked before the second opened it."""
    one, other = context.new_page(), context.new_page()
    open_list(one, address)
    box(one, LIGHT).check()
    open_list(other, address)
    return one, other


@at_both_widths
def test_two_windows_answer_at_once_and_nothing_is_lost(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    one, other = open_in_two_windows(context, sites["day"])
    # The other window has not heard of what this one wrote when it writes itself.
    other.evaluate("addEventListener('storage', (event) => event.stopImmediatePropagation(), true)")
    box(one, "Conté la caja.").check()
    row(other, "apertura.luz").get_by_text("Nota", exact=True).click()
    row(other, "apertura.luz").get_by_role("textbox").first.fill("Falta un foco")
    open_list(one, sites["day"])
    expect(box(one, "Conté la caja.")).to_be_checked()
    expect(box(one, LIGHT)).to_be_checked()
    expect(row(one, "apertura.luz").get_by_role("textbox").first).to_have_value("Falta un foco")

    # So is what is written of the visit, though neither has heard of the other.
    other.get_by_label("Lugar").fill("Norte")
    one.get_by_label("Nombre", exact=True).fill("Ana")
    box(one, LIGHT).uncheck()
    for field, value in (("place", "Norte"), ("name", "Ana")):
        expect(one.locator(f"[data-pb-field={field}]")).to_have_value(value)
    open_list(one, sites["day"])
    expect(one.locator("[data-pb-field=place]")).to_have_value("Norte")

    # Ended in one window, it is ended in the other.
    finish(one)
    expect(other.locator(".pb-checklist--ended")).to_be_visible()


@at_both_widths
def test_what_another_window_wrote_of_the_visit_outlives_a_tick(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    one, other = open_in_two_windows(context, sites["day"])
    box(one, "Conté la caja.").focus()
    written = {"place": "Norte", "name": "Ana", "date": "2026-11-20"}
    for field, value in written.items():
        other.locator(f"[data-pb-field={field}]").fill(value)
    other.locator("[data-pb-audit]").check()
    # Where nobody writes it is shown at once.
    expect(one.locator("[data-pb-field=place]")).to_have_value("Norte")
    expect(one.locator("[data-pb-audit]")).to_be_checked()
    row(one, "apertura.caja").get_by_label("Cumple", exact=True).check()
    open_list(other, sites["day"])
    for field, value in written.items():
        expect(other.locator(f"[data-pb-field={field}]")).to_have_value(value)
    expect(other.locator("[data-pb-audit]")).to_be_checked()


def test_photographs_stay_and_move_with_the_file(browser: Browser, sites: dict[str, str]) -> None:
    options: dict[str, Any] = {"accept_downloads": True, "service_workers": "block"}
    with browser.new_context(**options) as here, browser.new_context(**options) as there:
        page = here.new_page()
        open_list(page, sites["scored"])
        answer(page, "apertura.luz", "No cumple")
        line = row(page, "apertura.luz")
        line.locator("[data-pb-photo]").set_input_files([PHOTO, PHOTO])
        expect(line.locator("[data-pb-photos] canvas")).to_have_count(2)
        page.reload()
        expect(line.locator("[data-pb-photos] canvas")).to_have_count(2)
        line.get_by_role("button", name="Quitar").first.click()
        expect(line.locator("[data-pb-photos] canvas")).to_have_count(1)
        finish(page)
        expect(page.locator(".pb-results__photos canvas")).to_have_count(1)
        with page.expect_download() as waiting:
            page.locator("[data-pb-download=json]").click()
        file = Path(waiting.value.path())
        data = json.loads(file.read_text(encoding="utf-8"))
        [photo] = data["photos"].values()
        assert photo.startswith("data:image/jpeg;base64,")
        assert data["result"]["verdict"] == "partial"

        page = there.new_page()
        open_list(page, sites["scored"])
        page.locator("input[data-pb-open]").set_input_files(file)
        expect(page.locator(".pb-results__photos canvas")).to_have_count(1)
        picture = page.get_by_role("img", name=re.compile("^Foto 1 de «Encendí la luz"))
        assert picture.evaluate("one => [one.width, one.height]") == [512, 512]


def test_a_photograph_that_two_runs_have_goes_with_neither(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    open_list(page, sites["scored"])
    line = row(page, "apertura.luz")
    answer(page, "apertura.luz", "No cumple")
    pictures = line.locator("[data-pb-photos] canvas")
    line.locator("[data-pb-photo]").set_input_files([PHOTO, PHOTO])
    expect(pictures).to_have_count(2)
    with page.expect_download() as waiting:
        page.locator("[data-pb-download=json]").click()
    # What is brought while its run is still open here stands beside it, with the same photographs.
    page.locator("input[data-pb-open]").set_input_files(waiting.value.path())
    expect(page.locator("[data-pb-choice] option")).to_have_count(2)
    line.get_by_role("button", name="Quitar").first.click()
    expect(pictures).to_have_count(1)
    page.get_by_role("button", name="Borrar esta verificación").click()
    expect(page.locator("[data-pb-choice] option")).to_have_count(1)
    expect(pictures).to_have_count(2)
    page.reload()
    expect(pictures).to_have_count(2)
    # Those of the last run that has them go with it.
    page.get_by_role("button", name="Borrar esta verificación").click()
    expect(page.locator("[data-pb-choice] option")).to_have_count(1)
    assert page.evaluate(COUNT_PHOTOS) == 0


COUNT_PHOTOS = """() => new Promise(async (resolve) => {
  const [{ name }] = (await indexedDB.databases()).filter(({ name }) => name.endsWith("photos"));
  const opening = indexedDB.open(name);
  opening.onsuccess = () => {
    const counting = opening.result.transaction("photos").objectStore("photos").count();
    counting.onsuccess = () => resolve(counting.result);
  };
});"""


NO_DATABASE = """Object.defineProperty(window, "indexedDB", {
  get() { throw new DOMException("no", "SecurityError"); } });"""


@at_both_widths
def test_full_storage_is_told_at_the_row_with_the_way_out(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    page = context.new_page()
    page.add_init_script(FULL + NO_DATABASE)
    open_list(page, sites["scored"])
    last = row(page, "apertura.caja")
    answer(page, "apertura.caja", "No cumple")
    message = page.locator(".pb-message")
    expect(message).to_contain_text("no hay espacio")
    expect(message).to_be_in_viewport()
    last.locator("[data-pb-photo]").set_input_files(PHOTO)
    expect(last.locator("[data-pb-photos] canvas")).to_have_count(1)
    with page.expect_download() as waiting:
        last.get_by_role("button", name="Guardar copia para otro aparato (JSON)").first.click()
    data = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert data["run"]["answers"]["apertura.caja"]["value"] == "no"
    assert len(data["photos"]) == 1


def test_what_is_written_of_the_visit_stays_when_the_storage_fills_up(
    browser: Browser, sites: dict[str, str]
) -> None:
    with new_context(browser, PHONE) as context:
        page = context.new_page()
        open_list(page, sites["day"])
        box(page, LIGHT).check()
        page.evaluate(f"() => {{ {FULL} }}")
        page.get_by_label("Lugar").fill("Norte")
        box(page, "Conté la caja.").check()
        expect(page.locator("[data-pb-field=place]")).to_have_value("Norte")
        expect(page.locator("[data-pb-run-name]")).to_contain_text("Norte")


# What devices do when a run is handed on, and what is then said.
_WITHOUT = "Object.defineProperty(navigator, 'share', { value: undefined });"
_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', { value: %s });"
SHARING = {
    "the device's sheet": (
        "navigator.canShare = () => true; navigator.share = async (what) => { window.shared = what; ASKED };",
        "",
    ),
    "a sheet that was closed": (
        "navigator.share = async () => { ASKED throw new DOMException('no', 'AbortError'); };",
        "",
    ),
    "a sheet that is refused": (
        "navigator.share = async () => { throw new DOMException('no', 'NotAllowedError'); };",
        "No se pudo compartir",
    ),
    "no sheet": (
        _WITHOUT + _CLIPBOARD % "{ writeText: async (text) => { window.copied = text; } }",
        "Se copió el resultado",
    ),
    "no sheet, and no clipboard for a page that came without encryption": (
        _WITHOUT
        + _CLIPBOARD % "undefined"
        + "document.execCommand = () => { window.copied = document.activeElement.value; return true; };",
        "Se copió el resultado",
    ),
    "nothing": (
        _WITHOUT + _CLIPBOARD % "undefined" + "document.execCommand = () => false;",
        "No se pudo compartir",
    ),
}


@at_both_widths
@pytest.mark.parametrize(("device", "said"), SHARING.values(), ids=SHARING.keys())
def test_a_run_is_handed_on_by_whatever_the_device_has(
    context: BrowserContext, sites: dict[str, str], device: str, said: str
) -> None:
    page = context.new_page()
    page.add_init_script(device.replace("ASKED", "document.documentElement.dataset.asked = '';"))
    open_list(page, sites["scored"])
    answer(page, "apertura.luz", "No cumple")
    answer(page, "apertura.caja", "Cumple")
    button = page.get_by_role("button", name="Compartir", exact=True)
    button.click()
    if said:
        message = page.locator(".pb-message", has_text=said)
        expect(message).to_be_in_viewport()
        if "No se pudo" in said:
            with page.expect_download():
                message.get_by_role("button").click()
        else:
            assert "- Encendí la luz." in page.evaluate("copied")
            assert "Conté la caja." not in page.evaluate("copied")
    elif "shared" in device:
        expect(page.locator("html[data-asked]")).to_be_attached()
        assert page.evaluate("Object.keys(shared)") == ["title", "text", "files"]
        assert page.evaluate("shared.files.map((file) => file.type)") == ["application/json;charset=utf-8"]
        assert "- Encendí la luz." in page.evaluate("shared.text")
        assert "Conté la caja." not in page.evaluate("shared.text")
    else:
        expect(page.locator("html[data-asked]")).to_be_attached()
        assert page.locator(".pb-message").count() == 0  # who closed the sheet is told nothing


@at_both_widths
def test_notes_too_long_for_a_code_offer_the_file_there(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    page = context.new_page()
    open_list(page, sites["scored"])
    for one in ("apertura.luz", "apertura.caja"):
        answer(page, one, "No cumple")
        row(page, one).get_by_role("textbox").first.fill("ñandú " * 80)
    page.locator("[data-pb-qr]").click()
    beside = page.locator("[data-pb-qr] + .pb-message")
    expect(beside).to_contain_text("no cabe en un código")
    expect(beside).to_be_in_viewport()
    with page.expect_download():
        beside.get_by_role("button", name="Guardar copia para otro aparato (JSON)").click()


def link_of(page: Page) -> str:
    """Return what the code of the run leads to, its dialog left open."""
    page.get_by_role("button", name="Pasar a otro aparato con QR").click()
    dialog = page.get_by_role("dialog", name="Código de esta verificación")
    expect(dialog).to_be_visible()
    return dialog.get_attribute("data-pb-link") or ""


def test_a_code_carries_actions_and_days_and_says_what_it_leaves_behind(
    browser: Browser, sites: dict[str, str]
) -> None:
    with new_context(browser, PHONE) as here, new_context(browser, PHONE) as there:
        page = here.new_page()
        open_list(page, sites["dated"])
        answer(page, "apertura.caja", "Cumple")
        plain = link_of(page)
        left = page.locator("[data-pb-qr-left]")
        expect(left).to_be_hidden()
        page.get_by_role("button", name="Cerrar").click()
        answer(page, "apertura.luz", "No cumple")
        line = row(page, "apertura.luz")
        written = {"Qué": "Cambiar el foco", "Quién": "Beto", "Para cuándo": "2026-12-01"}
        for label, value in written.items():
            line.get_by_label(label, exact=True).fill(value)
        line.locator("[data-pb-day]").fill("2026-11-20")
        line.locator("[data-pb-photo]").set_input_files(PHOTO)
        expect(line.locator("[data-pb-photos] canvas")).to_have_count(1)
        link = link_of(page)
        expect(left).to_contain_text("foto")
        with page.expect_download() as waiting:
            left.get_by_role("button", name="Guardar copia para otro aparato (JSON)").click()
        assert len(json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))["photos"]) == 1

        page = there.new_page()
        page.goto(link)
        page.get_by_role("button", name="Guardarla aquí").click()
        for label, value in written.items():
            expect(line_of(page).get_by_label(label, exact=True)).to_have_value(value)
        expect(line_of(page).locator("[data-pb-day]")).to_have_value("2026-11-20")
        kept = next(iter(json.loads(page.evaluate(KEPT))))
        assert re.match(r"\d{4}-", kept["answers"]["apertura.caja"]["day"])
        # One made before codes carried days opens as it did.
        page.goto(earlier(plain))
        page.get_by_role("button", name="Guardarla aquí").click()
        expect(row(page, "apertura.caja").get_by_label("Cumple", exact=True)).to_be_checked()


KEPT = """JSON.stringify(Object.entries(localStorage).filter(([key]) => key.includes(":apertura:"))
  .map(([, text]) => JSON.parse(text)))"""


def line_of(page: Page) -> Locator:
    return row(page, "apertura.luz")


def earlier(link: str) -> str:
    """Return the link as it was made when it carried the visit, the answers and the notes alone."""
    address, _, code = link.partition("#run=")
    data = json.loads(base64.urlsafe_b64decode(code + "=" * (-len(code) % 4)))
    assert data[0] == 3, "a page that knows of no days would lose them without a word"
    text = json.dumps([2, *data[1:6]], ensure_ascii=False)
    return f"{address}#run={base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def head_of(page: Page) -> Locator:
    return page.locator("[data-pb-run] > summary")


@at_both_widths
def test_the_keyboard_goes_on_from_a_banner_that_closes(device: Device, sites: dict[str, str]) -> None:
    page = device.at("2026-11-24T08:00")
    open_list(page, sites["day"])
    first_box(page).check()
    page = device.at("2026-11-25T08:00")
    beside = page.locator("[data-pb-progress] + .pb-message")
    open_list(page, sites["day"])
    page.locator("[data-pb-fresh]").press("Enter")
    expect(head_of(page)).to_be_focused()
    expect(beside).to_contain_text("en blanco")
    open_list(page, sites["day"])
    page.locator("[data-pb-see]").press("Enter")
    expect(head_of(page)).to_be_focused()
    expect(beside).to_contain_text("Se abrió la verificación")
    finish(page)
    page = device.at("2026-11-26T08:00")
    open_list(page, sites["day"])
    page.locator("[data-pb-see]").press("Enter")
    expect(page.get_by_role("heading", name="Resultado")).to_be_focused()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("[data-pb-delete]").press("Enter")
    expect(head_of(page)).to_be_focused()
    expect(page.locator("[data-pb-progress] + .pb-message")).to_contain_text("Se borró")


@at_both_widths
def test_the_keyboard_goes_on_after_a_photograph_is_taken_away(
    context: BrowserContext, sites: dict[str, str]
) -> None:
    page = context.new_page()
    open_list(page, sites["scored"])
    answer(page, "apertura.luz", "No cumple")
    field = line_of(page).locator("[data-pb-photo]")
    field.set_input_files([PHOTO, PHOTO])
    drops = line_of(page).get_by_role("button", name="Quitar")
    expect(drops).to_have_count(2)
    drops.last.press("Enter")
    expect(drops).to_have_count(1)
    expect(drops).to_be_focused()
    expect(line_of(page)).to_contain_text("Se quitó la foto")
    drops.press("Enter")
    expect(drops).to_have_count(0)
    expect(field).to_be_focused()


def test_the_keyboard_goes_on_from_a_run_that_came_by_code(browser: Browser, sites: dict[str, str]) -> None:
    with new_context(browser, PHONE) as here, new_context(browser, PHONE) as there:
        page = here.new_page()
        open_list(page, sites["scored"])
        answer(page, "apertura.caja", "Cumple")
        link = link_of(page)
        page = there.new_page()
        for button in ("refuse", "accept"):
            page.goto(link)
            expect(page.locator("[data-pb-accept]")).to_be_focused()
            page.locator(f"[data-pb-{button}]").press("Enter")
            expect(head_of(page)).to_be_focused()


@pytest.mark.parametrize("year", ["26", "2026"])
def test_a_year_of_two_digits_is_one_of_this_century(
    context: BrowserContext, sites: dict[str, str], year: str
) -> None:
    page = context.new_page()
    open_list(page, sites["scored"])
    answer(page, "apertura.luz", "No cumple")
    line = row(page, "apertura.luz")
    for field in (page.locator("[data-pb-field=date]"), line.locator("[data-pb-action=by]")):
        field.click()
        field.press("Home")
        # The eleventh of November stands the same in every order of days and months.
        page.keyboard.type(f"1111{year}")
        line.locator("textarea").focus()
        expect(field).to_have_value("2026-11-11")
    expect(page.locator("[data-pb-run-name]")).to_contain_text("2026")
    with page.expect_download() as waiting:
        page.locator("[data-pb-download=json]").click()
    data = json.loads(Path(waiting.value.path()).read_text(encoding="utf-8"))
    assert data["run"]["date"] == "2026-11-11"
    assert data["run"]["answers"]["apertura.luz"]["action"]["by"] == "2026-11-11"


def test_what_is_said_of_a_run_reads_as_sentences(context: BrowserContext, sites: dict[str, str]) -> None:
    page = context.new_page()
    open_list(page, sites["day"])
    boxes = page.locator("[data-pb-item] input[type=checkbox]")
    for place in range(1, boxes.count()):
        boxes.nth(place).check()
    page.locator("[data-pb-finish]").click()
    missing = page.locator("[data-pb-finish-missing]")
    expect(missing).to_have_text(re.compile(rf"^Falta 1 de {boxes.count()} puntos"))
    page.get_by_role("button", name="Seguir llenándola").click()
    page.locator("[data-pb-field=date]").fill("")
    expect(page.locator("[data-pb-run-name]")).to_have_text("Verificación sin fecha")
    page.locator("[data-pb-field=name]").fill("Ana")
    expect(page.locator("[data-pb-run-name]")).to_have_text("Ana")


SCRIPT = "<img src=x onerror=window.hit=1>"
HOSTILE = {
    "proto": (
        '{"__proto__": {"value": "no"}, "toString": {"value": "no"}, "apertura.luz": {"value": "toString"}}'
    ),
    "null": (
        '{"apertura.luz": null, "apertura.caja": {"value": "no", "note": null, "photos": 7, "action": []}}'
    ),
    "wrong note": '{"apertura.luz": {"value": "no", "note": {"a": 1}, "action": {"what": 3, "by": "<i>"}}}',
    "script": json.dumps({"apertura.luz": {"value": "no", "note": SCRIPT}}),
    "photo": json.dumps({"apertura.luz": {"value": "no", "photos": ["x.y"]}}),
}


@pytest.mark.parametrize("answers", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("ended", ["false", '{"at": 1764000000000, "by": "<b>x"}'])
def test_a_hostile_file_does_nothing(
    context: BrowserContext, sites: dict[str, str], answers: str, ended: str
) -> None:
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    open_list(page, sites["scored"])
    answer(page, "apertura.caja", "Cumple")
    run = {
        "id": "abcdef12",
        "audit": True,
        "name": "<svg onload=window.hit=1>",
        "ended": json.loads(ended),
        "rows": [{"section": "<b>", "title": SCRIPT, "id": "apertura.luz", "text": "<script>"}],
        "rule": {"weights": {"essential": -1}, "bands": [7, None, {"title": "<b>"}]},
        "answers": "HERE",
    }
    about = {"format": "servicebook-run", "version": 2, "checklist": "apertura", "title": "<b>"}
    photos = {"x.y": "data:image/svg+xml;base64,PHN2Zz4="}
    text = json.dumps({**about, "run": run, "photos": photos}).replace('"HERE"', answers)
    file = {"name": "x.json", "mimeType": "application/json", "buffer": text.encode()}
    page.locator("input[data-pb-open]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.locator(".pb-message").last).to_contain_text(re.compile("Se abrió"))
    assert page.evaluate("[window.hit, {}.value, ({}).toString.value]") == [None, None, None]
    assert page.locator("[data-pb-results] :is(img, svg, script)").count() == 0
    # Nothing else is lost: the run that was here is still kept.
    kept = page.evaluate(
        'Object.values(localStorage).filter((text) => text.includes(\'"value":"yes"\')).length'
    )
    assert kept == 1
    assert errors == []


def test_a_file_of_fifty_megabytes_is_told(
    context: BrowserContext, sites: dict[str, str], tmp_path: Path
) -> None:
    large = tmp_path / "large.json"
    large.write_bytes(b'{"format": "servicebook-run", "x": "' + b"x" * 50_000_000 + b'"}')
    page = context.new_page()
    open_list(page, sites["scored"])
    page.locator("input[data-pb-open]").set_input_files(large)
    expect(page.locator(".pb-message")).to_contain_text("demasiado grande")


def test_ids_of_sections_and_rows_are_those_of_nothing_else(
    context: BrowserContext, make_project: MakeProject, serve: Serve
) -> None:
    text = (
        AUDIT.replace("id: casa", "id: pb-menu")
        .replace("id: todo", "id: pb-result")
        .replace("id: caja", "id: luz-box")
    )
    url = serve(build(make_project({CHECKLIST: text})))
    page = context.new_page()
    open_list(page, url)
    ids = page.locator("[id]").evaluate_all("all => all.map((one) => one.id)")
    assert sorted(ids) == sorted(set(ids))


def test_the_browser_scores_as_python_does(browser: Browser, serve: Serve) -> None:
    cases = [*told_cases(), *random_cases()]
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(serve(ROOT / "overrides" / "assets" / "js"))
        found = page.evaluate(
            """async (cases) => {
              const { score } = await import("./score.js");
              return cases.map(({ rows, rule }) => {
                const { percent, band, verdict } = score(rows, rule);
                return [percent, band, verdict];
              });
            }""",
            [told_to_the_browser(case) for case in cases],
        )
    from servicebook.views.scoring import score

    for case, result in zip(cases, found, strict=True):
        here = score(case.rows, case.rule)
        assert tuple(result) == (here.percent, here.band, here.verdict), case
        assert case.expected in (None, tuple(result)), case


def told_to_the_browser(case: Case) -> dict[str, Any]:
    rule = case.rule
    bands = [{"at_least": band.at_least, "title": band.title} for band in rule.bands]
    return {
        "rows": [{"id": one.id, "level": one.level, "value": one.answer} for one in case.rows],
        "rule": {
            "weights": dict(rule.weights),
            "gate": list(rule.gate),
            "blank": rule.blank,
            "unobserved": rule.unobserved,
            "bands": bands,
        },
    }
