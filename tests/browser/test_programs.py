"""Programs typed into every text of every file: a browser runs none of them, with the policy and without."""

from __future__ import annotations

import itertools
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, Dialog, Page

from servicebook.building.build import build_project
from servicebook.cli.main import run
from servicebook.content.sentences import fault_of
from servicebook.language.messages import messages_in
from tests.browser.markup import pages_of
from tests.conftest import ROOT, Serve
from tests.test_audits import saved
from tests.test_inert import PAYLOADS, spoil

# After as many rounds as there are payloads, each has stood in each text: SERVICEBOOK_PAYLOADS=112.
ROUNDS = int(os.environ.get("SERVICEBOOK_PAYLOADS", "1"))
SAY = messages_in("en")
# What of a run is no text but a word that the program knows.
KEYS = ("format", "answer", "date", "blank", "unobserved", "by", "level", "gate")
# What a program would need a reader for.
TOUCH = """() => {
  for (const element of document.querySelectorAll("*")) {
    for (const name of ["mouseover", "focus", "toggle"]) element.dispatchEvent(new Event(name));
  }
  return [...document.querySelectorAll("[href], [src], [action]")]
    .flatMap((one) => ["href", "src", "action"].map((name) => one.getAttribute(name) ?? ""))
    .filter((address) => /^\\s*(javascript|vbscript|data:text)/i.test(address));
}"""


def rotated(number: int) -> Iterator[str]:
    """Return the payloads again and again, beginning with another one each round."""
    return itertools.cycle(PAYLOADS[number:] + PAYLOADS[:number])


def hostile_project(folder: Path, number: int) -> Path:
    """Return a project that declares all that can be declared, with a payload in every text of every file."""
    shutil.copytree(ROOT / "tests/projects/hospital", folder)
    glossary = [{"id": "greeting", "title": "Greeting", "definition": "The first words of a visit."}]
    (folder / "playbook/glossary.yml").write_text(yaml.safe_dump(glossary), encoding="utf-8")
    settings = folder / "playbook/playbook.yml"
    kept = {"ids": yaml.load(settings.read_bytes(), yaml.CSafeLoader)["ids"]}
    payloads = rotated(number)
    assert spoil(folder, payloads) > 100
    # What stands between braces in a sentence is a value.
    plain = (payload.replace("{", "").replace("}", "") for payload in payloads)
    lines = ((key, SAY.text(key)) for key in sorted(SAY.keys()) if "\n" not in SAY.text(key))
    words = {key: f"{text} {next(plain)}" for key, text in lines if fault_of(key, text, SAY) is None}
    assert len(words) > 1000
    data = yaml.load(settings.read_bytes(), yaml.CSafeLoader) | kept | {"words": words}
    settings.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    assert run(["edition", "2026", "--project", str(folder)]) == 0
    # Something has changed since, so that the pages of printed sheets have something to tell.
    entry = folder / "playbook/checklists/shift.yml"
    entry.write_text(entry.read_text(encoding="utf-8").replace("text: ", "text: Now ", 1), encoding="utf-8")
    configuration = folder / "mkdocs.yml"
    quick = "- servicebook: {search: false, paper: false}\n"
    written = configuration.read_text(encoding="utf-8").replace("- servicebook\n", quick)
    configuration.write_text(written, encoding="utf-8")
    (folder / "docs/compare.md").write_text("# Compare\n\n{{ compare() }}\n", encoding="utf-8")
    build_project(folder, Path("site"), "mkdocs", SAY, lambda step: None)
    return folder / "site"


def hostile_run(number: int) -> bytes:
    """Return a saved run with a payload in each of its texts."""
    payloads = rotated(number)

    def put(value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            return {key: put(one, key) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return [put(one, name) for one in value]
        told = isinstance(value, str) and name not in (
            "format",
            "answer",
            "date",
            "blank",
            "unobserved",
            "by",
        )
        return f"{value} {next(payloads)}" if told and name not in ("level", "gate") else value

    action = {"what": "x", "who": "y", "by": "2026-01-11"}
    told: dict[str, Any] = {row: {"note": "n", "action": action} for row in "abcd"}
    return json.dumps(put(saved("nnyn", "Centre", "2026-01-10", **told))).encode()


# It goes through every page of a site: without the policy, which stops even what got through, and with it.
@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_browser_runs_what_a_text_says(
    browser: Browser, serve: Serve, tmp_path: Path, number: int
) -> None:
    site = hostile_project(tmp_path / "project", number)
    for bypass in (True, False) if number % 16 == 0 else (True,):
        with browser.new_context(bypass_csp=bypass, service_workers="block") as context:
            assert ran_in(context.new_page(), site, serve(site), number) == [], bypass
    shutil.rmtree(tmp_path / "project")


def ran_in(page: Page, site: Path, address: str, number: int) -> list[str]:
    """Go through all pages, and return where something ran."""
    page.set_default_timeout(20_000)
    ran: list[str] = []

    def note(dialog: Dialog) -> None:
        ran.append(f"{page.url} {dialog.message}")
        dialog.dismiss()

    page.on("dialog", note)
    pages = pages_of(site)
    assert len(pages) > 15
    for name in pages:
        page.goto(address + name)
        assert page.evaluate(TOUCH) == [], name
    compare(page, address, number)
    return ran


def compare(page: Page, address: str, number: int) -> None:
    """Open saved runs that are hostile too, and touch the report made of them."""
    page.goto(f"{address}compare/")
    page.locator("[data-pb-compare-runs][data-pb-ready]").wait_for(state="attached")
    files = [
        {"name": f"{name}.json", "mimeType": "application/json", "buffer": text}
        for name, text in {"a": hostile_run(number), "<img src=x onerror=alert(1)>": b"{"}.items()
    ]
    page.locator("[data-pb-files]").set_input_files(files)  # type: ignore[arg-type]
    page.locator("[data-pb-report] table").first.wait_for()
    assert page.evaluate(TOUCH) == []
