"""Pagefind, the program that makes the search index: found, run and waited for with patience."""

from __future__ import annotations

from pathlib import Path

from servicebook.base import processes
from servicebook.base.problems import BuildError
from servicebook.language.messages import Messages

# How long Pagefind may take, in seconds: far longer than it ever does, so that nobody waits for it for good.
PATIENCE = 60.0
PAGES_A_SECOND = 20


def run_pagefind(source: Path, say: Messages, output: Path, pages: int) -> None:
    """Let Pagefind index the pages in a folder. Raises BuildError when it cannot."""
    try:
        # Imported here: it brings asyncio, which no build needs that makes no index.
        from pagefind.service import get_executable

        program = get_executable()
    except ImportError:
        program = None
    if program is None:
        raise BuildError(say("build.search-missing"))
    # The program itself and not its Python service: that one answers a document every tenth of a second,
    # and stops the program before the last files are on the disk.
    command = [str(program), "--silent", "--site", str(source), "--force-language", say.language]
    patience = PATIENCE + pages / PAGES_A_SECOND
    try:
        code = processes.run_program([*command, "--output-path", str(output)], source, patience)
    except TimeoutError as error:
        raise BuildError(say("build.search-stuck", seconds=round(patience))) from error
    except OSError as error:
        raise BuildError(say("build.search-missing")) from error
    if code:
        raise BuildError(say("build.search-failed", code=code))
