"""What readers come for, walked from the home page on a phone: how many taps, how often the page is moved.

`reading.py` prints the counts, and `tests/browser/test_tasks.py` holds them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "locale": "es-MX",
    "timezone_id": "America/Mexico_City",
    "service_workers": "block",
    "reduced_motion": "reduce",
}
MORNING = dt.datetime.fromisoformat("2026-11-25T07:50-06:00")
FAILED = 6
# The device's own sheet, which a browser that is driven lacks: it keeps what it was handed.
SHEET = """
  navigator.canShare = () => true;
  navigator.share = async ({ files }) => { document.documentElement.dataset.shared = files.length; };
"""
# Whether an element stands in the window, below what sticks to its top.
IN_VIEW = """(element) => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + 4, box.top + 4);
  const uncovered = element.contains(top) || Boolean(top?.contains(element));
  return uncovered && box.top >= 0 && box.bottom <= innerHeight;
}"""


def is_in_view(element: Locator) -> bool:
    """Tell whether an element stands wholly in the window, covered by nothing."""
    return bool(element.evaluate(IN_VIEW))


@dataclass
class Walk:
    """A reader on their way. Typing is counted apart from taps: a phone's keyboard stands open by then."""

    page: Page
    taps: int = 0
    moves: int = 0
    letters: int = 0

    def tap(self, element: Locator) -> None:
        """Tap an element, having looked for it."""
        self.see(element)
        element.click()
        self.taps += 1

    def type(self, text: str) -> None:
        """Type a text where the cursor stands."""
        self.page.keyboard.insert_text(text)
        self.letters += len(text)

    def see(self, element: Locator) -> None:
        """Look at an element; where it is out of sight, the page is moved, which counts."""
        element.wait_for()
        if not is_in_view(element):
            element.evaluate("(element) => element.scrollIntoView({ block: 'center' })")
            self.moves += 1


def calm_a_customer(context: BrowserContext, url: str) -> Walk:
    """Somebody is furious at the counter: read the first step of what to do."""
    walk = _at_home(context, url)
    walk.tap(walk.page.locator("main").get_by_role("link", name="Cliente molesto", exact=True))
    walk.page.wait_for_url("**/clientes/molesto/")
    walk.see(walk.page.locator(".pb-steps > li").first)
    return walk


def find_the_refund(context: BrowserContext, url: str) -> Walk:
    """May I pay it back without asking? Read the answer in the first result, and open it."""
    walk = _at_home(context, url)
    walk.tap(walk.page.get_by_role("button", name="¿Qué pasa, o qué buscas?"))
    walk.type("reembolso sin preguntar al jefe")
    said = re.compile(r"sin (?:pedir permiso|preguntar|consultar|pedir autorización)", re.IGNORECASE)
    first = walk.page.locator(".pb-hit--first")
    walk.see(first.get_by_text(said).first)
    walk.tap(first.locator("a"))
    walk.page.wait_for_url("**/estandares/**")
    walk.see(walk.page.get_by_text(said).first)
    return walk


def open_the_next_morning(context: BrowserContext, url: str) -> Walk:
    """Yesterday's opening list was ticked on this device: come to today's, which is blank."""
    page = context.new_page()
    context.clock.set_fixed_time(MORNING - dt.timedelta(days=1))
    page.goto(url)
    page.get_by_label("Tu puesto").select_option("mostrador")
    page.get_by_role("link", name="Apertura de recepción y mostrador").click()
    page.wait_for_selector("[data-pb-checklist][data-pb-ready]")
    for box in page.locator("[data-pb-item] input[type=checkbox]").all():
        box.check()
    page.close()
    context.clock.set_fixed_time(MORNING)
    walk = _at_home(context, url)
    walk.tap(walk.page.get_by_role("link", name="Apertura de recepción y mostrador"))
    walk.page.wait_for_selector("[data-pb-checklist][data-pb-ready]")
    walk.see(walk.page.locator("[data-pb-item] input[type=checkbox]").first)
    if walk.page.locator("[data-pb-item] input:checked").count():
        raise AssertionError("yesterday's ticks are shown as today's")
    return walk


def audit_and_share(context: BrowserContext, url: str) -> Walk:
    """Answer every row of the monthly audit, six of them with no, end it, and hand its result on."""
    context.add_init_script(SHEET)
    walk = _at_home(context, url)
    walk.page.get_by_label("Tu puesto").select_option("lideres")
    walk.taps += 2  # the field, and the job in the device's own list
    # The home page may tell, too, of what an edition changed in it.
    walk.tap(walk.page.get_by_role("link", name="Auditoría mensual de servicio").first)
    walk.page.wait_for_selector("[data-pb-checklist][data-pb-ready]")
    rows = walk.page.locator("[data-pb-item]").all()
    for place, row in enumerate(rows):
        fails = place % (len(rows) // FAILED) == 0 and place // (len(rows) // FAILED) < FAILED
        walk.tap(row.get_by_text("No cumple" if fails else "Cumple", exact=True))
    walk.tap(walk.page.get_by_role("button", name="Terminar", exact=True).first)
    walk.type("Ana")
    walk.tap(walk.page.get_by_role("dialog").get_by_role("button", name="Terminar", exact=True))
    walk.see(walk.page.locator("[data-pb-verdict]"))
    walk.tap(walk.page.get_by_role("button", name="Compartir", exact=True).first)
    walk.page.wait_for_selector("html[data-shared='1']")
    return walk


def _at_home(context: BrowserContext, url: str) -> Walk:
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    return Walk(page)


class Task(NamedTuple):
    """A task, by the key of its name, with the most taps and moves of the page that it may take."""

    walk: Callable[[BrowserContext, str], Walk]
    taps: int
    moves: int


TASKS = {
    "calm": Task(calm_a_customer, taps=1, moves=0),
    "refund": Task(find_the_refund, taps=2, moves=0),
    "morning": Task(open_the_next_morning, taps=2, moves=1),
    # A tap for each of its rows; beside them the job, the list, the end and its confirmation, and the sheet.
    "audit": Task(audit_and_share, taps=53 + 6, moves=30),
}
