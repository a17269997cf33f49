"""A whole build: made beside the site, and put in its place when it is complete."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from servicebook.base import processes
from servicebook.base.locks import HeldError, locked
from servicebook.base.problems import BuildError, Problem
from servicebook.base.reads import recorded
from servicebook.building.engine import choose_engine
from servicebook.building.site_folder import SiteFolder, write_inventory
from servicebook.building.stamp import Stamp, Survey, survey
from servicebook.content.project import read_project
from servicebook.content.reading import begin_reading
from servicebook.language.messages import Messages

if TYPE_CHECKING:
    from servicebook.building.earlier_pages import EarlierPages

Step = Callable[[str], None]
# What only writing can meet.
_OF_WRITING = frozenset({errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True)
class Report:
    """What a build did.

    `made` is False when the site was current already; a site that stands `in_place` was put there file by
    file, because its folder could not be renamed.
    """

    pages: int
    seconds: float
    warnings: list[Problem]
    made: bool = True
    in_place: bool = False


def build_project(
    project: Path,
    site_dir: Path,
    engine: str,
    say: Messages,
    step: Step,
    *,
    force: bool = False,
    prints: bool = True,
) -> Report:
    """Build the site of a project into `site_dir`, which stays as it was if anything fails.

    With `force`, also where the site is current already; without `prints`, its sheets are left out, as of a
    site that nobody is to read. Raises ContentError for problems in content or pages, FolderError for a
    folder that no site may take, BuildError for everything else.
    """
    started = time.perf_counter()
    choose_engine(engine, say)
    folder = SiteFolder(project, site_dir)
    folder.require_free()
    with _errors_told(folder, say), _alone(folder, say):
        folder.recover()
        stamp = Stamp(project, folder.path, engine, prints=prints)
        standing = None if force else survey(folder.path)
        if standing and stamp.is_current(standing):
            return Report(standing.pages, time.perf_counter() - started, [], made=False)
        stamp.begin(folder.lock)
        with recorded() as reads:
            warnings, pages = _make(project, folder, step, stamp.folder / "pages", standing, prints)
        staying = {name: standing.versions[name] for name in pages.staying} if standing else {}
        made = survey(folder.path, staying)
        pages.write(made.digest)
        if warnings:
            stamp.forget()
        else:
            stamp.write(made, reads)
        return Report(made.pages, time.perf_counter() - started, warnings, in_place=folder.is_fixed)


def _make(
    project: Path, folder: SiteFolder, step: Step, record: Path, standing: Survey | None, prints: bool
) -> tuple[list[Problem], EarlierPages]:
    """Make the site and put it in its place. Returns the content's warnings, and what is known of its pages.

    `record` is the file of what is known of the pages of the site as it is `standing`, if that counts.
    """
    beside = folder.make_beside()
    try:
        step("pages")
        # Begun before MkDocs is loaded, which takes as long.
        reading = begin_reading(read_project(project).playbook)
        from servicebook.building.builder import SiteBuilder
        from servicebook.building.earlier_pages import EarlierPages

        pages = EarlierPages(record, folder.path, standing.digest if standing else None)
        warnings = SiteBuilder(project / "mkdocs.yml", prints=prints).build(beside, reading, pages)
        write_inventory(beside, pages.staying)
        step("swap")
        folder.put(beside, pages.staying)
    finally:
        processes.end_all()
        shutil.rmtree(beside, ignore_errors=True)
    return warnings, pages


@contextmanager
def _alone(folder: SiteFolder, say: Messages) -> Iterator[None]:
    """Keep other builds of the same folder out. Raises BuildError where one is under way."""
    folder.workshop.mkdir(parents=True, exist_ok=True)
    try:
        with locked(folder.lock):
            yield
    except HeldError as error:
        key = "build.at-work" if error.owner else "build.at-work-unknown"
        raise BuildError(say(key, folder=folder.path, owner=error.owner)) from error


@contextmanager
def _errors_told(folder: SiteFolder, say: Messages) -> Iterator[None]:
    """Turn the errors of the machine into sentences that name what could not be written, or read."""
    try:
        yield
    except ChildProcessError as error:
        raise BuildError(say("build.worker-ended")) from error
    except OSError as error:
        name, reason = str(error.filename or ""), say.refusal(error)
        if error.errno in _OF_WRITING or not name or name.startswith(str(folder.workshop) + os.sep + "."):
            raise BuildError(say("build.not-writable", folder=folder.path, reason=reason)) from error
        raise BuildError(say("cli.unusable", file=name, reason=reason)) from error
