"""The policy that every page names: the site runs under it, and a refusal says what refused."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from servicebook.building.build import build_project
from servicebook.building.preview import Preview
from servicebook.building.server import Server
from servicebook.language.messages import messages_in
from tests.browser.markup import pages_of
from tests.browser.test_pages import KINDS, OUTSIDE
from tests.browser.walk import walk
from tests.conftest import ROOT, MakeProject, Serve, unprinted

POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
INSIDE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:\ssrc=|application/json))", re.IGNORECASE)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Return a dark device whose pages write down what their policy refused."""
    with browser.new_context(color_scheme="dark", service_workers="block") as context:
        context.add_init_script(
            "window.refused = []; addEventListener('securitypolicyviolation', (event) =>"
            " refused.push(`${event.effectiveDirective} ${event.blockedURI}`))"
        )
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def test_every_page_names_the_policy_and_holds_no_script_or_style(
    make_project: MakeProject, reference_site: Path
) -> None:
    redirecting = make_project({})
    entry = redirecting / "playbook/checklists/apertura.yml"
    entry.write_text(entry.read_text("utf-8") + "former_ids: [abrir]\n", "utf-8")
    with unprinted():
        build_project(redirecting, redirecting / "site", "mkdocs", messages_in("es"), lambda step: None)
    named = set()
    for site in (reference_site, redirecting / "site"):
        for path in pages_of(site):
            file = site / path / "index.html" if not path.endswith(".html") else site / path
            html = file.read_text(encoding="utf-8")
            named.add(POLICY.findall(html)[0])
            assert not INSIDE.findall(html), path
    [policy] = named
    assert policy.startswith("default-src 'self'; ")
    headers = (reference_site / "_headers").read_text(encoding="utf-8")
    assert f"Content-Security-Policy: {policy}\n" in headers
    assert "_headers" not in (reference_site / "service-worker.js").read_text(encoding="utf-8")


def test_nothing_on_a_page_is_refused(context: BrowserContext, reference_url: str) -> None:
    addresses = (*KINDS, *OUTSIDE)
    found = {address: page.evaluate("refused") for address, page in walk(context, reference_url, addresses)}
    assert found == {address: [] for address in addresses}


def test_light_and_dark_follow_the_device_and_then_the_reader(page: Page, reference_url: str) -> None:
    page.goto(reference_url)
    assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
    page.locator("[data-pb-scheme]").click()
    page.goto(f"{reference_url}estandares/ext-01/")
    assert page.evaluate("document.body.dataset.mdColorScheme") == "default"
    kept = page.evaluate("Object.keys(localStorage)")
    assert "pb:/:scheme" in kept
    assert all(key.startswith("pb:/:") for key in kept)  # another site of this origin has its own


def test_search_runs_under_the_policy(page: Page, reference_url: str) -> None:
    page.goto(reference_url)
    page.locator("[data-pb-open]").click()
    page.locator("#pb-search-text").fill("saludar")
    expect(page.locator(".pb-hit").first).to_be_visible()
    assert page.evaluate("refused") == []


def test_a_refused_search_says_that_it_was_refused(browser: Browser, reference_url: str) -> None:
    with browser.new_context(service_workers="block") as context:
        page = context.new_page()

        def stricter(route: object) -> None:
            answer = route.fetch()  # type: ignore[attr-defined]
            headers = {**answer.headers, "content-security-policy": "default-src 'self'; connect-src 'none'"}
            route.fulfill(response=answer, headers=headers)  # type: ignore[attr-defined]

        page.route("**/", stricter)
        page.goto(reference_url)
        page.locator("[data-pb-open]").click()
        page.locator("#pb-search-text").fill("saludar")
        status = page.locator(".pb-search__status")
        expect(status).to_contain_text("política de seguridad")
        expect(status).not_to_contain_text("conexión")
        page.locator("[data-pb-help] a").first.wait_for()
        # Without a connection the connection is what is named.
        page = context.new_page()
        page.goto(reference_url)
        context.set_offline(True)
        page.locator("[data-pb-open]").click()
        expect(page.locator(".pb-search__status")).to_contain_text("conexión")


def test_an_old_address_leads_on_with_all_that_came_after_it(
    browser: Browser, make_project: MakeProject, serve: Serve
) -> None:
    project = make_project({})
    entry = project / "playbook/checklists/apertura.yml"
    entry.write_text(entry.read_text("utf-8") + "former_ids: [abrir]\n", "utf-8")
    with unprinted():
        build_project(project, project / "site", "mkdocs", messages_in("es"), lambda step: None)
    site = serve(project / "site")
    for rest in ("", "#lugar", "?de=hoja", "?de=hoja&a=%C3%B1#run=eJwx", "?#"):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{site}listas/abrir/{rest}")
            page.wait_for_url(lambda url: "/listas/apertura/" in url)
            assert page.url == f"{site}listas/apertura/{'' if rest == '?#' else rest}".rstrip("#")
            page.go_back()  # the old address is no stop on the way back
            assert "/listas/abrir/" not in page.url
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}listas/abrir/")
        page.wait_for_url("**/listas/apertura/")


def test_the_preview_loads_a_page_again_under_the_policy(browser: Browser, make_project: MakeProject) -> None:
    project = make_project({})
    preview = Preview(project, messages_in("es"), lambda line: None)
    preview.start()
    server = Server(preview, 0)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    standard = project / "playbook/standards/EXT-01.yml"
    plain = standard.read_text(encoding="utf-8")

    def change(text: str) -> None:
        standard.write_text(plain.replace("Saludar al llegar", text), encoding="utf-8")
        preview.refresh({standard.resolve()})

    with browser.new_context() as context:
        page = context.new_page()

        late = iter(["Saludar ya"])

        def change_first(route: Route) -> None:
            """Let a change come after the page was sent and before its stream of versions opens."""
            for text in islice(late, 1):
                change(text)
            route.continue_()

        # It stays to the end: to take it away while a page opens its stream could leave that one waiting.
        page.route("**/events", change_first)
        page.goto(f"http://127.0.0.1:{server.server_port}/estandares/ext-01/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Saludar ya")
        for text in ("Saludar de pie", "Saludar sentado"):
            change(text)
            expect(page.get_by_role("heading", level=1)).to_contain_text(text)
        standard.write_text("id: [", encoding="utf-8")
        preview.refresh({standard.resolve()})
        expect(page.get_by_role("heading", level=1)).to_contain_text("arreglar")
        expect(page.locator("body")).to_have_css("max-width", "960px")
    server.shutdown()
    server.server_close()
    preview.close()


def test_the_hosts_file_is_written_as_its_readers_expect() -> None:
    lines = (ROOT / "overrides/_headers").read_text(encoding="utf-8").splitlines()
    assert all(line.startswith(("#", "/", "  ")) for line in lines)
