"""The whole monthly audit on a phone: filled, killed, reopened, ended, printed, exported, moved, compared."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, expect

from tests.browser.test_checklists import answer, row
from tests.browser.test_runs import PHOTO, finish
from tests.conftest import find_browser

AUDIT = "listas/auditoria-mensual/"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "service_workers": "block"}
# The first may not fail; of the rest two are of the same weight.
FAILED = ("llegada", "atencion", "distancia", "registros", "lideres", "areas")


def open_audit(page: Page, url: str) -> Locator:
    page.goto(url + AUDIT)
    audit = page.locator("[data-pb-checklist][data-pb-ready]")
    # After a crash the system may take its time until what the dead tab held is free.
    expect(audit).to_be_attached(timeout=60_000)
    return audit


def ids_in(page: Page) -> dict[str, list[str]]:
    """Return the ids of the rows, by their sections."""
    found: dict[str, list[str]] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("[data-pb-section]")].map((section) => [
          section.dataset.pbSection,
          [...section.querySelectorAll("[data-pb-item]")].map((row) => row.dataset.pbItem)]))"""
    )
    return found


def met(page: Page, ids: list[str]) -> None:
    """Answer that rows are met, as a finger does."""
    page.evaluate(
        """(ids) => { for (const id of ids)
          document.querySelector(`[data-pb-item="${id}"] input[value=yes]`).click(); }""",
        ids,
    )


def fail(page: Page, identity: str, number: int) -> None:
    answer(page, identity, "No cumple")
    line = row(page, identity)
    line.get_by_role("textbox").first.fill(f"Nota {number}")
    line.get_by_label("Qué", exact=True).fill(f"Practicar {number}")
    line.get_by_label("Quién", exact=True).fill("Beto")
    line.get_by_label("Para cuándo").fill(f"2026-12-0{number}")
    line.locator("[data-pb-photo]").set_input_files(PHOTO)
    expect(line.locator("[data-pb-photos] canvas")).to_have_count(1)


def test_a_whole_audit_goes_through_everything(browser: Browser, reference_url: str, tmp_path: Path) -> None:
    with browser.new_context(**PHONE, accept_downloads=True) as phone:
        phone.set_default_timeout(30_000)
        page = phone.new_page()
        open_audit(page, reference_url)
        sections = ids_in(page)
        every = [one for ids in sections.values() for one in ids]
        assert len(every) >= 50
        for name, value in (
            ("place", "Centro"),
            ("name", "Ana"),
            ("audited", "Turno de la tarde"),
            ("sample", "Diez"),
        ):
            page.locator(f"[data-pb-field={name}]").fill(value)
        failed = [sections[name][0] for name in FAILED]
        met(page, [one for one in every if one not in failed])
        for number, one in enumerate(failed, 1):
            fail(page, one, number)
        # Closed and opened again, all of it is there.
        page.close()
        page = phone.new_page()
        open_audit(page, reference_url)
        expect(page.locator("[data-pb-count]")).to_have_text(f"{len(every)} de {len(every)}")
        expect(page.locator(".pb-extra__photos canvas")).to_have_count(6)
        finish(page)
        result = page.get_by_role("region", name="Resultado")
        expect(result.locator(".pb-results__photos canvas")).to_have_count(6)
        said = result.inner_text()
        order = [
            "Falló un punto que no puede fallar. Hay que capacitar",
            "Falló y no puede fallar",
            "Qué se hará",
            "Todos los puntos",
        ]
        places = [said.index(one) for one in order]
        assert places == sorted(places)
        for number in range(1, 7):
            assert f"Practicar {number}" in said
        files = {}
        for form in ("json", "csv"):
            with page.expect_download() as waiting:
                page.locator(f"[data-pb-download={form}]").click()
            files[form] = tmp_path / waiting.value.suggested_filename
            waiting.value.save_as(files[form])
        # Opened again, it is as it was; printed, the result comes first, then every row.
        open_audit(page, reference_url)
        expect(result.locator(".pb-results__photos canvas")).to_have_count(6)
        assert result.inner_text() == said
        text = printed(page)
        assert text.index("Falló un punto que no puede fallar") < text.index("Todos los puntos")
        assert all(f"Practicar {number}" in text for number in range(1, 7))

    lines = list(csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"))))
    assert len([line for line in lines if line["Parte"] == "Punto"]) == len(every)
    assert len({line["Marca del texto"] for line in lines} - {""}) > 40
    data = json.loads(files["json"].read_text(encoding="utf-8"))
    assert (data["result"]["verdict"], len(data["photos"]), len(data["items"])) == ("gate", 6, len(every))

    # On another device the file is the same audit, and the page that compares takes it.
    with browser.new_context(**PHONE) as other:
        page = other.new_page()
        open_audit(page, reference_url)
        page.locator("input[data-pb-open]").set_input_files(files["json"])
        expect(page.locator(".pb-results__photos canvas")).to_have_count(6)
        assert page.get_by_role("region", name="Resultado").inner_text() == said
        page.goto(f"{reference_url}listas/comparar/")
        page.locator("[data-pb-ready] [data-pb-files]").set_input_files(files["json"])
        report = page.locator("[data-pb-report]")
        expect(report.get_by_role("rowheader", name="Centro")).to_have_count(1)
        expect(report).to_contain_text("Falló un punto que no puede fallar. Hay que capacitar")


def printed(page: Page) -> str:
    """Return the text of the audit as its button prints it."""
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="Imprimir con respuestas").click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf()))
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    return re.sub(r"\s+", " ", " ".join(sheet.extract_text() for sheet in sheets.pages))


@contextmanager
def chromium(
    playwright: Playwright, profile: Path
) -> Iterator[tuple[subprocess.Popen[bytes], BrowserContext]]:
    """Yield a browser as a process that can be killed, and its pages; it keeps what it keeps in `profile`."""
    told = profile / "DevToolsActivePort"
    told.unlink(missing_ok=True)
    options = ("--headless", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={profile}")
    # In a group of its own, since the program may be a script that starts the browser.
    command = [find_browser(playwright), *options]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            while not told.exists() or "\n" not in told.read_text():
                time.sleep(0.05)
            port = told.read_text().partition("\n")[0]
            connected = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            connected.contexts[0].set_default_timeout(30_000)
            yield process, connected.contexts[0]
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a browser and all that it started, at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def end_pages(browser: subprocess.Popen[bytes]) -> None:
    """End the processes that draw a browser's pages, as a phone does when it needs their memory.

    An address that crashes would wait for the page instead, which is busy: it may never be done.
    """
    listed = subprocess.run(["ps", "-axo", "pid=,pgid=,command="], capture_output=True, text=True, check=True)
    lines = (line.split(maxsplit=2) for line in listed.stdout.splitlines())
    drawing = [int(pid) for pid, group, command in lines if int(group) == browser.pid and RENDERER in command]
    assert drawing
    for pid in drawing:
        os.kill(pid, signal.SIGKILL)


RENDERER = "--type=renderer"
# Every row is answered again and again, each time kept: the end comes in the middle of a save.
SAVING = """(ids) => setInterval(() => { for (const id of ids) for (const word of ["no", "yes"])
  document.querySelector(`[data-pb-item="${id}"] input[value=${word}]`).click(); }, 1)"""
# A browser brings what it keeps to the disk every few seconds.
FLUSHED = 7_000


@pytest.mark.parametrize("killed", ["tab", "browser"])
def test_a_kill_in_the_middle_of_a_save_loses_no_run(
    playwright: Playwright, reference_url: str, tmp_path: Path, killed: str
) -> None:
    with chromium(playwright, tmp_path) as (process, phone):
        page = phone.new_page()
        open_audit(page, reference_url)
        every = [one for ids in ids_in(page).values() for one in ids]
        first, rest = every[:30], every[30:]
        answer(page, first[0], "No cumple")
        line = row(page, first[0])
        line.locator("[data-pb-photo]").set_input_files(PHOTO)
        expect(line.locator("[data-pb-photos] canvas")).to_have_count(1)
        met(page, first[1:])
        if killed == "browser":
            page.wait_for_timeout(FLUSHED)
        page.evaluate(SAVING, rest)
        page.wait_for_timeout(300)
        if killed == "browser":
            end(process)
        else:
            # Until the browser knows of it, it may give the next page to a process that is no more.
            with page.expect_event("crash"):
                end_pages(process)
            look_again(phone, reference_url, first)
    if killed == "browser":
        with chromium(playwright, tmp_path) as (_, phone):
            look_again(phone, reference_url, first)


def look_again(phone: BrowserContext, url: str, answered: list[str]) -> None:
    """See that what was answered before is there, with its photograph, and that the list goes on."""
    page = phone.new_page()
    open_audit(page, url)
    for one in answered:
        word = "no" if one == answered[0] else "yes"
        expect(row(page, one).locator(f"input[value={word}]")).to_be_checked()
    expect(row(page, answered[0]).locator("[data-pb-photos] canvas")).to_have_count(1)
    answer(page, answered[1], "No aplica")
    page.reload()
    expect(row(page, answered[1]).locator("input[value=na]")).to_be_checked()
