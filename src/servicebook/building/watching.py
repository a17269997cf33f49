"""Watching everything that a build read, wherever it lies, by what it read and not by a list of names."""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import ObservedWatch

from servicebook.base.reads import SYSTEM, Reads
from servicebook.base.resources import PACKAGE, theme_folder

# What nobody edits while looking at a playbook: Python, what is installed, and what the system makes up.
FOREIGN = (PACKAGE, *map(Path, (sys.prefix, sys.base_prefix, "/usr")), *SYSTEM)
# In the project's own folder all else lies too; of it counts what was read, and what may be code or options.
_SOURCES = (".yml", ".yaml", ".py")


class Watcher:
    """Puts every file that changes among what the builds read into a queue."""

    def __init__(self, project: Path, changes: queue.Queue[Path]) -> None:
        self._project = project.resolve()
        self._changes = changes
        self._observer = Observer()
        self._watches: dict[tuple[Path, bool], ObservedWatch] = {}
        self._files: frozenset[Path] = frozenset()
        self._busy = threading.Lock()

    def start(self) -> None:
        """Begin to watch what was told so far."""
        self._observer.start()

    def stop(self) -> None:
        """Watch no longer."""
        self._observer.stop()

    def watch(self, reads: Reads) -> None:
        """Watch what a build has read, in the place of what the one before read."""
        with self._busy:
            self._files = frozenset(map(Path, reads.files))
            wanted = {*self._places(reads)}
            for place in self._watches.keys() - wanted:
                self._observer.unschedule(self._watches.pop(place))
            for folder, deep in wanted - self._watches.keys():
                if folder.is_dir():
                    handler = _Collector(self, deep=deep)
                    watch = self._observer.schedule(handler, str(folder), recursive=deep)
                    self._watches[folder, deep] = watch

    def note(self, path: Path, *, deep: bool) -> None:
        """Take note of a file that changed; `deep` when its folder is watched with all that is in it."""
        known = path in self._files
        if known or (deep and "__pycache__" not in path.parts) or path.suffix in _SOURCES:
            self._changes.put(path)

    def _places(self, reads: Reads) -> Iterator[tuple[Path, bool]]:
        """Yield each folder to watch, and whether with all that is in it."""
        listed = {Path(folder) for folder in reads.folders} - {self._project, *map(Path, sys.path)}
        whole = {self._top_of(folder) for folder in listed} | {theme_folder().resolve()}
        whole = {folder for folder in whole if not any(other in folder.parents for other in whole)}
        yield from ((folder, True) for folder in whole)
        yield self._project, False
        for folder in {path.parent for path in self._files}:
            if not any(other == folder or other in folder.parents for other in whole):
                yield folder, False

    def _top_of(self, folder: Path) -> Path:
        """Return the folder just below the project's that a folder is in; itself, where it is elsewhere."""
        if self._project not in folder.parents:
            return folder
        return self._project / folder.relative_to(self._project).parts[0]


class _Collector(FileSystemEventHandler):
    def __init__(self, watcher: Watcher, *, deep: bool) -> None:
        self._watcher = watcher
        self._deep = deep

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("opened", "closed_no_write") or event.is_directory:
            return
        for path in _paths_of(event):
            self._watcher.note(path, deep=self._deep)


def _paths_of(event: FileSystemEvent) -> Iterable[Path]:
    return [Path(str(path)).resolve() for path in (event.src_path, event.dest_path) if path]
