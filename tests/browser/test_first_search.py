"""What the first search of a visit weighs as a good host sends it, to who stands in a cellar with one bar."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from servicebook.site.search import documents_of
from servicebook.site.search_index import CONTENTS, FOLDER, PAGES, WORDS, write_index
from servicebook.site.site import Site, read_playbook
from tests.conftest import made_once
from tests.synthetic import write_playbook

# Of so many pages what is kept of them is sent, at the least.
FEWEST = 4
# At most so many bytes, compressed, for everything that a search asks for.
OF_A_THOUSAND = {"telefono": 40_000, "saluda al cliente con calma": 50_000}
OF_THE_REFERENCE = {"reembolso": 55_000, "un cliente quiere devolver un producto sin ticket": 95_000}


@pytest.fixture(scope="module")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the search index of a made-up playbook of a thousand standards."""

    def make(folder: Path) -> None:
        write_playbook(folder / "playbook", 1000)
        folder.joinpath("mkdocs.yml").write_text("site_name: Mil\nplugins: [servicebook]\n", encoding="utf-8")
        playbook, _ = read_playbook(folder / "mkdocs.yml", dt.date(2026, 12, 1))
        site = Site(playbook)
        write_index(documents_of(site), site, folder / "site")

    return made_once(tmp_path_factory, "thousand", make) / "site"


@contextmanager
def a_visit(browser: Browser, url: str) -> Iterator[Page]:
    """Give a page of a browser that has never seen the site."""
    with browser.new_context(locale="es-MX", service_workers="block") as context:
        page = context.new_page()
        page.goto(url, wait_until="networkidle")
        # Then the search listens, and its own scripts, which every page has, are no more to be counted.
        page.locator("[data-pb-open]").wait_for()
        yield page


def sent_for(page: Page, query: str, *folders: Path) -> dict[str, int]:
    """Search once; return the bytes of each file asked for, from the first of the folders that has it."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.removeprefix("/")))
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(query)
    page.locator("[data-pb-results] a").first.wait_for()
    # What is loaded comes in its own time: until half a second has brought nothing more.
    counted = -1
    while counted < len(asked):
        counted = len(asked)
        page.wait_for_timeout(500)
    files = [next(folder / path for folder in folders if (folder / path).is_file()) for path in asked]
    return {file.relative_to(folder_of(file, folders)).as_posix(): as_sent(file) for file in files}


def folder_of(file: Path, folders: tuple[Path, ...]) -> Path:
    return next(folder for folder in folders if file.is_relative_to(folder))


def as_sent(file: Path) -> int:
    # What is compressed already grows when it is compressed once more.
    return min(file.stat().st_size, len(gzip.compress(file.read_bytes())))


def check_weight(sent: dict[str, int], most: int) -> None:
    assert {name.rpartition(".")[2] for name in sent} == {"json", "js"}
    assert len([name for name in sent if name.startswith(f"{FOLDER}/{PAGES}/")]) >= FEWEST
    assert [name for name in sent if name.startswith(f"{FOLDER}/{WORDS}/")]
    scripts = {f"assets/js/search-{name}.js" for name in ("dialog", "query", "index", "language")}
    assert {*scripts, f"{FOLDER}/{CONTENTS}"} <= sent.keys()
    assert sum(sent.values()) <= most, sent


@pytest.mark.parametrize("query", OF_A_THOUSAND)
def test_the_first_search_among_a_thousand_standards_is_light(
    browser: Browser, reference_site: Path, reference_url: str, thousand: Path, query: str
) -> None:
    assert len([*(thousand / FOLDER / PAGES).iterdir()]) > 1000

    def answer(route: Route) -> None:
        route.fulfill(path=thousand / urlsplit(route.request.url).path.removeprefix("/"))

    with a_visit(browser, reference_url) as page:
        page.route(f"**/{FOLDER}/**", answer)
        check_weight(sent_for(page, query, thousand, reference_site), OF_A_THOUSAND[query])


@pytest.mark.parametrize("query", OF_THE_REFERENCE)
def test_the_first_search_of_the_reference_playbook_is_light(
    browser: Browser, reference_site: Path, reference_url: str, query: str
) -> None:
    """It has many more words than the made-up one, and what is urgent: that alone would hide both."""
    with a_visit(browser, reference_url) as page:
        check_weight(sent_for(page, query, reference_site), OF_THE_REFERENCE[query])
