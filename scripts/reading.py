"""Measure what a reader does and waits for: `python scripts/reading.py [--size 1000]`.

Of the reference playbook, prints the taps of the tasks that readers come for (`tasks.py`). Of a large one,
prints the weight of the first search as it is sent, compressed, and the time from the last letter typed to
the results on the screen. Fails when any is above its limit. Apart from the tests, for it measures time.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from typing import TYPE_CHECKING

import bench
import environment
import host
import tasks

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_KILOBYTES = 60
MOST_MILLISECONDS = 300
TURNS = 3
# What is asked of the made-up playbook, in its own words: one, several, a slip of the finger, a beginning.
QUERIES = ("telefono", "saluda al cliente con calma", "mostrdaor", "escuch", "plazo que prometiste")
# Starts a clock at each letter and reads it at each change of the results: the last reading is the answer's.
CLOCK = """() => {
  const input = document.querySelector("dialog input");
  const list = document.querySelector("[data-pb-results]");
  let typed = 0;
  input.addEventListener("input", () => { typed = performance.now(); }, { capture: true });
  new MutationObserver(() => {
    requestAnimationFrame(() => { globalThis.waited = performance.now() - typed; });
  }).observe(list, { childList: true });
}"""


def main() -> int:
    """Walk the reference site and search in a made-up playbook as a reader does, and print what that took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1000)
    size = parser.parse_args().size
    environment.enter(__file__)
    if environment.run_module("servicebook", "build", "--site-dir", "site") != 0:
        return 1
    few = _count_taps(host.serve(environment.ROOT / "site"))
    project = bench.make_project(size)
    if environment.run_module("servicebook", "build", "--project", str(project)) != 0:
        return 1
    url = host.serve(project / "site")
    weight = _weigh(url, size)
    turns = [_time(url) for _ in range(TURNS)]
    # What else the machine does can only add to a time, so the best turn is the truest.
    first = min(times[0] for times in turns)
    median = min(statistics.median(times[1:]) for times in turns)
    environment.say("reading-first", count=size, first=f"{first:.0f}", median=f"{median:.0f}", turns=TURNS)
    return 0 if few and weight <= MOST_KILOBYTES and max(first, median) <= MOST_MILLISECONDS else 1


def _count_taps(url: str) -> bool:
    """Walk the readers' tasks, print what each took, and tell whether all kept to their limits."""
    from playwright.sync_api import sync_playwright

    within = []
    environment.say("reading-tasks")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=environment.find_program(environment.BROWSERS), args=["--no-sandbox"]
        )
        for name, task in tasks.TASKS.items():
            with browser.new_context(**tasks.PHONE) as context:
                walk = task.walk(context, url)
            counts = {"taps": walk.taps, "moves": walk.moves, "letters": walk.letters}
            environment.say(f"reading-task-{name}", **counts)
            within.append(walk.taps <= task.taps and walk.moves <= task.moves)
        browser.close()
    return all(within)


def _weigh(url: str, size: int) -> float:
    """Search once and print how many kilobytes were sent for it, and for which files."""
    with _Reader(url) as page:
        # Not what another site was asked for: its engine has the same paths.
        host.Host.sent.clear()
        _open(page)
        page.keyboard.type(QUERIES[0])
        page.locator("[data-pb-results] a").first.wait_for()
        page.wait_for_load_state("networkidle")
    files = {path: count / 1000 for path, count in host.Host.sent.items()}
    environment.say("reading-weight", count=size, size=f"{sum(files.values()):.0f}")
    for path, count in sorted(files.items(), key=lambda one: -one[1])[:8]:
        environment.say("reading-file", path=path, size=f"{count:.1f}")
    return sum(files.values())


def _time(url: str) -> list[float]:
    """Return the milliseconds from each query's last letter to its results."""
    times = []
    with _Reader(url) as page:
        page.evaluate(CLOCK)
        _open(page)
        page.keyboard.insert_text(QUERIES[0])  # all at once: the engine's loading is part of the first time
        times.append(_waited(page))
        for query in QUERIES:
            page.locator("dialog input").fill("")
            page.keyboard.type(query, delay=80)
            times.append(_waited(page))
    return times


def _waited(page: Page) -> float:
    page.locator("[data-pb-results] a").first.wait_for()
    page.wait_for_timeout(1000)
    return float(page.evaluate("globalThis.waited"))


def _open(page: Page) -> None:
    page.keyboard.press("/")
    page.locator("dialog input").wait_for()


class _Reader:
    """A page in a browser that has never seen the site."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> Page:
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        program = environment.find_program(environment.BROWSERS)
        self._browser = self._playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = self._browser.new_context(service_workers="block").new_page()
        page.goto(self._url, wait_until="networkidle")
        return page

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()


if __name__ == "__main__":
    sys.exit(main())
