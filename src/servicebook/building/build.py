"""A whole build: made beside the site and swapped in when it is complete."""

from __future__ import annotations

import glob
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from servicebook.base.problems import BuildError, Problem
from servicebook.building.stamp import Stamp, survey
from servicebook.content.reading import begin_reading
from servicebook.language.messages import Messages

# Every site has it, and no folder of sources does.
MADE_BY_US = "playbook.schema.json"

Step = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """What a build did; `made` is False when the site was current already."""

    pages: int
    seconds: float
    warnings: list[Problem]
    made: bool = True


def build_project(project: Path, site_dir: Path, engine: str, say: Messages, step: Step) -> Report:
    """Build the site of a project into `site_dir`, which stays as it was if anything fails.

    Raises ContentError for problems in content or pages, BuildError for everything else.
    """
    started = time.perf_counter()
    if engine != "mkdocs":
        raise BuildError(say("build.engine-not-ready", engine=engine))
    site_dir = (project / site_dir).resolve()
    if not is_replaceable(site_dir):
        raise BuildError(say("build.not-a-site", folder=site_dir))
    _recover(site_dir)
    stamp = Stamp(project, site_dir, engine)
    if standing := stamp.current():
        return Report(standing.pages, time.perf_counter() - started, [], made=False)
    try:
        site_dir.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=_prefix(site_dir), dir=site_dir.parent))
    except OSError as error:
        raise BuildError(
            say("build.not-writable", folder=site_dir.parent, reason=say.refusal(error))
        ) from error
    try:
        warnings = _build_into(project, beside, step)
        step("swap")
        _swap(beside, site_dir)
    except ChildProcessError as error:
        raise BuildError(say("build.worker-ended")) from error
    except OSError as error:
        raise BuildError(say("build.not-writable", folder=site_dir, reason=say.refusal(error))) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    made = survey(site_dir)
    if warnings:
        stamp.forget()
    else:
        stamp.write(made)
    return Report(made.pages, time.perf_counter() - started, warnings)


def is_replaceable(site_dir: Path) -> bool:
    """Tell whether a build may take the place of what stands there: nothing, an empty folder, or a site."""
    if not site_dir.is_dir():
        return not site_dir.exists()
    return (site_dir / MADE_BY_US).is_file() or not any(site_dir.iterdir())


def _build_into(project: Path, folder: Path, step: Step) -> list[Problem]:
    step("pages")
    playbook = project.absolute() / "playbook"
    # Begun before MkDocs is loaded, which takes as long. A playbook that stands elsewhere is read later.
    reading = begin_reading(playbook) if playbook.is_dir() else None
    from servicebook.building.builder import SiteBuilder

    return SiteBuilder(project / "mkdocs.yml").build(folder, reading)


def _swap(beside: Path, site_dir: Path) -> None:
    """Put `beside` in the place of `site_dir`; the earlier site is kept until the new one stands."""
    old = _old(site_dir)
    shutil.rmtree(old, ignore_errors=True)
    beside.chmod(0o755)
    if site_dir.exists():
        site_dir.replace(old)
    try:
        beside.replace(site_dir)
    except BaseException:
        if old.exists():
            old.replace(site_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _recover(site_dir: Path) -> None:
    """Bring back the earlier site if a build was killed between the two steps of a swap."""
    if not site_dir.exists() and _old(site_dir).exists():
        _old(site_dir).replace(site_dir)
    for leftover in site_dir.parent.glob(f"{glob.escape(_prefix(site_dir))}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _prefix(site_dir: Path) -> str:
    return f".{site_dir.name}.making-"


def _old(site_dir: Path) -> Path:
    return site_dir.with_name(f".{site_dir.name}.old")
