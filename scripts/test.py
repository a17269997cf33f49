"""Run the tests with everything that they drive: `python scripts/test.py [--quick] [pytest's arguments]`.

All of them run on every core; `--quick` leaves out what makes a site, prints, drives a browser or starts a
program (`tests/heavy.py`).
"""

import os
import sys
from pathlib import Path

import environment
import node_programs


def find_browser() -> str:
    """Return a Chromium for the browser tests, installed if there is none; "" for Playwright's own."""
    asked = os.environ.get("SERVICEBOOK_BROWSER") or environment.find_program(environment.HEADLESS)
    if asked:
        return asked
    if environment.install_packages("chromium-headless-shell"):
        return environment.find_program(environment.HEADLESS) or ""
    if found := environment.find_program(environment.BROWSERS):
        return found
    environment.say("installing-browser")
    if environment.run_module("playwright", "install", "chromium") != 0:
        environment.say("no-browser")
        raise SystemExit(1)
    return ""


def require(programs: tuple[str, ...], package: str, missing: str) -> None:
    """Make sure of a program that tests drive; say which it is (`missing`) where it cannot be installed."""
    if not environment.find_program(programs) and not environment.install_packages(package):
        environment.say(missing)
        raise SystemExit(1)


def parallel(arguments: list[str]) -> list[str]:
    """Return the options that spread the tests over the cores, unless a part of them was named.

    The tests of a module stay in one process, since they share what it made. There is one process more than
    cores: a test that waits for a browser or for another process leaves its core to the next (a seventh of
    the time on two cores).
    """
    if any(
        argument in ("-n", "--collect-only") or Path(argument.partition("::")[0]).exists()
        for argument in arguments
    ):
        return []
    return ["-n", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder"]


def run_quick(arguments: list[str]) -> int:
    """Run what needs nothing but the Python environment."""
    environment.prepare()
    environment.say("testing")
    return environment.run_module("pytest", "-m", "not slow", *parallel(arguments), *arguments)


if __name__ == "__main__":
    # Tests start the engine hundreds of times; to compile it takes longer than all else that it does then.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--quick" in sys.argv[1:]:
        sys.exit(run_quick([argument for argument in sys.argv[1:] if argument != "--quick"]))
    environment.prepare()
    browser = find_browser()
    require(environment.OFFICE, "libreoffice-calc-nogui", "no-office")
    require(environment.FIREFOX, "firefox-esr", "no-firefox")
    node_programs.prepare()
    environment.say("testing")
    given = [*parallel(sys.argv[1:]), *sys.argv[1:]]
    sys.exit(environment.run_module("pytest", *given, environment={"SERVICEBOOK_BROWSER": browser}))
