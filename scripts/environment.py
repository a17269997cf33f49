"""What the developer commands stand on: the project's own Python environment and the programs tests drive.

Only the standard library is used here: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
NPM = PYTHON.with_name("npm.exe" if os.name == "nt" else "npm")
NODE_LOCKS = ROOT / "scripts" / "node"
STAMP = VENV / "servicebook-stamp"
# Chromium without windows draws the same pages in half the time.
HEADLESS = ("chromium-headless-shell", "chrome-headless-shell")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
FIREFOX = ("firefox-esr", "firefox")
OFFICE = ("soffice", "libreoffice")
_MAC_APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)


def say(key: str, **values: object) -> None:
    """Print a sentence of the scripts' catalogue."""
    # A console that cannot show an accent shows a question mark; it must not stop the command.
    encoding = sys.stdout.encoding or "utf-8"
    print(text(key, **values).encode(encoding, "replace").decode(encoding), flush=True)


def text(key: str, **values: object) -> str:
    """Return a sentence of the scripts' catalogue in the locale's language, Spanish by default."""
    asked = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    language = next(filter(None, asked), "")
    catalogue = json.loads((ROOT / "scripts" / "messages.json").read_text(encoding="utf-8"))
    sentence: str = catalogue.get(language[:2].lower(), catalogue["es"])[key]
    return sentence.format(**values)


def prepare() -> None:
    """Make `.venv` from the hashed lock, or refresh it when the lock has changed."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is what tells an older Python's user
        say("old-python", version=".".join(map(str, sys.version_info[:3])))
        raise SystemExit(2)
    make_environment(VENV, LOCK)


def make_environment(folder: Path, lock: Path) -> Path:
    """Make an environment from a hashed lock, or refresh it when that has changed. Returns its Python."""
    python = folder / PYTHON.relative_to(VENV)
    made_from = folder / STAMP.name
    stamp = _stamp(lock)
    if python.exists() and made_from.exists() and made_from.read_text(encoding="utf-8") == stamp:
        return python
    name = shown(folder)
    say("making" if not python.exists() else "refreshing", name=name)
    if not python.exists():
        venv.create(folder, with_pip=True, clear=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    say("installing", name=shown(lock))
    run([*pip, "--require-hashes", "-r", str(lock)])
    # The lock holds the build backend too, so nothing outside of it is fetched here.
    run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    made_from.write_text(stamp, encoding="utf-8")
    return python


def shown(path: Path) -> str:
    """Return how messages name a path of the project."""
    return path.relative_to(ROOT).as_posix()


def install_npm() -> None:
    """Put the locked node and npm into the project's environment."""
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*pip, "--require-hashes", "-r", str(NODE_LOCKS / "requirements.lock")])


def run_module(*arguments: str, environment: dict[str, str] | None = None) -> int:
    """Run `python -m …` in the project's environment and return its exit code."""
    command = [str(PYTHON), "-m", *arguments]
    running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})})
    # Whoever ends this script means what it runs.
    signal.signal(signal.SIGTERM, lambda number, frame: running.terminate())
    while True:
        try:
            return running.wait()
        except KeyboardInterrupt:
            continue  # the terminal has told the other too, which is putting its things away


def enter(script: str) -> None:
    """Make sure of the project's environment; elsewhere, run the script again inside and end as it does."""
    prepare()
    if Path(sys.prefix).resolve() != VENV.resolve() or str(ROOT) not in sys.path:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        sys.exit(subprocess.run([str(PYTHON), script, *sys.argv[1:]], env=environment).returncode)


def find_program(names: tuple[str, ...]) -> str | None:
    """Return the path of the first of these programs that is on this machine."""
    found = next((path for path in map(shutil.which, names) if path), None)
    wanted = {name.replace("-", " ") for name in names}
    return found or next(
        (p for p in _MAC_APPLICATIONS if Path(p).name.lower() in wanted and Path(p).exists()), None
    )


def install_packages(*packages: str) -> bool:
    """Install Debian packages where this user may and agrees; tell whether it was done.

    Only a person at a terminal is asked: a machine that runs the tests by itself has nobody to answer.
    """
    if not shutil.which("apt-get") or not _agreed(packages):
        return False
    root = not hasattr(os, "geteuid") or os.geteuid() == 0
    prefix = [] if root else ["sudo", "-n"]
    if not root and (not shutil.which("sudo") or subprocess.run(["sudo", "-n", "true"]).returncode != 0):
        return False
    say("installing-packages", packages=", ".join(packages))
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*prefix, "apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *packages]
    for command in ([*prefix, "apt-get", "update", "--quiet"], install):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode != 0:
            return False
    return True


def _agreed(packages: tuple[str, ...]) -> bool:
    if not sys.stdin or not sys.stdin.isatty() or os.environ.get("CI"):
        return True
    say("may-install", packages=", ".join(packages))
    return input().strip().lower()[:1] in ("s", "y")


def _stamp(lock: Path) -> str:
    """Return what an environment is made from: a change of any of it makes it anew."""
    parts = [
        lock.read_bytes(),
        (ROOT / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        str(ROOT).encode(),
    ]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def run(command: list[str]) -> None:
    """Run a program at the top of the project; ends this one, and says so, when it fails."""
    if subprocess.run(command, cwd=ROOT).returncode != 0:
        say("failed", command=" ".join(command))
        raise SystemExit(1)
