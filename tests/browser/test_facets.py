"""Lists that can be narrowed, and the ways into them from the home page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(service_workers="block", viewport={"width": 1280, "height": 844})
    yield context.new_page()
    context.close()


def cards(page: Page) -> int:
    return page.locator(".pb-facets .pb-card:visible").count()


def test_a_choice_narrows_the_list_and_stands_in_the_address(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/")
    count = page.locator(".pb-facets [role=status]")
    every = cards(page)
    expect(count).to_have_text(f"{every} estándares")
    page.get_by_label("Canales").select_option("telefono")
    expect(page).to_have_url(f"{reference_url}estandares/?canal=telefono")
    shown = cards(page)
    assert 0 < shown < every
    expect(count).to_have_text(f"Teléfono: {shown} estándares")
    page.get_by_label("Nivel").focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(f"{reference_url}estandares/?canal=telefono&nivel=essential")
    assert cards(page) <= shown
    page.get_by_role("button", name="Quitar filtros").click()
    expect(page).to_have_url(f"{reference_url}estandares/")
    assert cards(page) == every


def test_a_shared_address_shows_the_same_list(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/?canal=telefono&puesto=nadie")
    expect(page.get_by_label("Canales")).to_have_value("telefono")
    expect(page.get_by_label("Puestos")).to_have_value("")
    assert 0 < cards(page) < page.locator(".pb-card").count()


def test_what_nothing_has_is_said(page: Page, reference_url: str) -> None:
    page.goto(f"{reference_url}estandares/?canal=redes&pilar=interno&momento=bienvenida")
    expect(page.get_by_text("Ninguna ficha tiene todo eso.")).to_be_visible()
    assert cards(page) == 0


@pytest.mark.parametrize("path", ["estandares/", "conductas/", "escenarios/", "listas/"])
def test_narrowed_lists_are_accessible_and_fit_a_phone(page: Page, reference_url: str, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reference_url + path)
    page.get_by_text("Filtrar la lista").click()
    expect(page.locator(".pb-facets__form select").first).to_be_visible()
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_home_page_leads_to_narrowed_lists(page: Page, reference_url: str) -> None:
    page.goto(reference_url)
    page.get_by_text("Por donde te buscan").click()
    page.locator(".pb-choices").get_by_role("link", name="Teléfono").click()
    expect(page).to_have_url(f"{reference_url}estandares/?canal=telefono")
    expect(page.get_by_label("Canales")).to_have_value("telefono")


def test_without_scripts_the_whole_list_is_there(browser: Browser, reference_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{reference_url}estandares/?canal=telefono")
    assert cards(page) == page.locator(".pb-card").count() > 60
    expect(page.locator(".pb-facets__form")).to_be_hidden()
    context.close()
