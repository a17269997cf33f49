"""The live preview's state: the site of a project as it stands now, or the problems in its place."""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from platformdirs import user_cache_path

from servicebook.base import processes
from servicebook.base.problems import BuildError, ContentError, Problem, Severity
from servicebook.base.reads import Reads, recorded
from servicebook.building.builder import SiteBuilder
from servicebook.building.watching import FOREIGN
from servicebook.content.project import read_project
from servicebook.language.crashes import explain_crash
from servicebook.language.messages import Messages
from servicebook.site.render import render_alone

# Where the preview has what no site has: its script, its styles, and the stream of versions.
OWN_FOLDER = "/_servicebook/"
Echo = Callable[[str], None]
# How long, in seconds, what is under way may take to end when the preview does.
_PATIENCE = 20.0


class Preview:
    """The site of a project as it stands now: the folder that is served, or the problems in its place."""

    def __init__(
        self, project: Path, say: Messages, echo: Echo, read: Callable[[Reads], None] = lambda reads: None
    ) -> None:
        """`read` is told after each whole build what it read."""
        self._project = project
        self._say = say
        self._echo = echo
        self._builder = SiteBuilder(project / "mkdocs.yml", keeps_pages=True)
        self._home = tempfile.TemporaryDirectory(prefix="servicebook-", ignore_cleanup_errors=True)
        self._changed = threading.Condition()
        self._at_work = threading.Lock()
        self._search_is_old = False
        # No page of an earlier preview at this address takes itself for one of ours.
        self._version = time.time_ns()
        self._builds = 0
        self._closed = False
        self._read = read
        self.folder = Path(self._home.name)
        self.problems: list[Problem] = []
        self.failure = ""

    def start(self) -> None:
        """Build the site for the first time."""
        self.refresh(set())

    def refresh(self, paths: set[Path]) -> None:
        """Bring the site up to date after these files changed. Whatever goes wrong, the preview lives on."""
        with self._at_work:
            if not self._closed:
                self._attempt(paths)

    def refresh_search(self) -> None:
        """Bring the search index up to date, when somebody searches: it takes longer than all the rest."""
        with self._at_work:
            if self._search_is_old and not self._closed:
                self._search_is_old = False
                try:
                    self._builder.update_search()
                except (BuildError, OSError) as error:
                    self._echo(str(error))

    @property
    def version(self) -> int:
        """The number of the site's version: another one after every change."""
        return self._version

    def wait(self, version: int, seconds: float) -> int:
        """Return the site's version, waiting for one that differs from `version` for at most `seconds`."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, timeout=seconds)
            return self._version

    def page_of_problems(self) -> str:
        """Return the page that stands in for every page while there is something to mend."""
        return render_alone("problems", self._say, OWN_FOLDER, self.problems, self.failure)

    def paper(self, path: str) -> bytes | None:
        """Return the sheet or workbook that the site has at this address, or None when it has none."""
        return None if (self.folder / path).is_file() else self._builder.paper(path)

    def paper_page(self, path: str) -> str | None:
        """Return the page at this address that sheets of paper lead to, or None when there is none."""
        return self._builder.paper_page(path)

    def lost_page(self) -> str | None:
        """Return what the site says at an address that leads nowhere, with links from this server."""
        file = self.folder / "404.html"
        if not file.is_file():
            return None
        return file.read_text(encoding="utf-8").replace(f'="{self._builder.root}', '="/')

    def tell_crash(self, error: Exception) -> None:
        """Tell of an error that nobody foresaw, which stopped one answer and nothing else."""
        self._echo(explain_crash(error, self._say))

    def close(self) -> None:
        """End what is under way and remove the preview's files."""
        self._closed = True
        processes.end_all()
        # Whoever still writes must be done before the folder goes, or it would be there again.
        finished = self._at_work.acquire(timeout=_PATIENCE)
        self._home.cleanup()
        if finished:
            self._at_work.release()

    def _attempt(self, paths: set[Path]) -> None:
        started = time.perf_counter()
        try:
            playbook = read_project(self._project).playbook.resolve()
            content_only = bool(paths) and all(playbook in path.parents for path in paths)
            if not (content_only and self._builder.update(paths, self._tell)):
                self._build_all()
            self._search_is_old = True
            self.problems, self.failure = [], ""
            self._echo(self._say("serve.ready", seconds=f"{time.perf_counter() - started:.2f}"))
        except ContentError as error:
            # Warnings stop nothing; what is to be mended must not be looked for among them.
            self.problems = [problem for problem in error.problems if problem.severity is Severity.ERROR]
            self.failure = ""
            for problem in self.problems:
                self._echo(
                    f"{problem.location}: {problem.severity}[{problem.rule}]: {self._say.explain(problem)}"
                )
        except (BuildError, OSError) as error:
            self._fail(str(error))
        except Exception as error:
            self._fail(explain_crash(error, self._say))
        self._tell()

    def _fail(self, sentence: str) -> None:
        self.problems, self.failure = [], sentence
        self._echo(sentence)

    def _tell(self) -> None:
        """Tell the open pages that there is something new to show."""
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def _build_all(self) -> None:
        """Make the site anew in a folder of its own; readers keep the earlier one until it is done."""
        self._builds += 1
        folder = Path(self._home.name) / str(self._builds)
        with recorded() as reads:
            try:
                self._builder.build(folder)
            finally:
                left_out = (Path(self._home.name), user_cache_path("servicebook"), *FOREIGN)
                self._read(reads.below(left_out))
        earlier, self.folder = self.folder, folder
        if self._builds > 1:
            shutil.rmtree(earlier, ignore_errors=True)
        # What a whole build leaves behind stays until the next; looking through it at every save would not
        # pay. What the build before left is let go first, or it would stay for good.
        gc.unfreeze()
        gc.collect()
        gc.freeze()
