"""Pagefind, the program that makes the search index: found, run and waited for with patience.

It takes memory by the page. So it gets a large playbook a part at a time, and the indexes of the parts are
then joined to one that holds the same as if it had got all at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from servicebook.base import processes
from servicebook.base.files import write_together
from servicebook.base.problems import BuildError
from servicebook.language.messages import Messages
from servicebook.site.index_parts import can_join, join_parts, split_words

# How long Pagefind may take, in seconds: far longer than it ever does, so that nobody waits for it for good.
PATIENCE = 60.0
PAGES_A_SECOND = 20
# How many letters it gets at a time, where it gets a part: it takes some forty times as much memory.
PART = 5_000_000


def index_pages(pages: list[str], say: Messages, home: Path) -> Path:
    """Let Pagefind index pages and return the folder of the index, made inside `home`.

    The list is empty afterwards: a page is let go of once it is written. Raises BuildError when Pagefind
    cannot.
    """
    parts: list[Path] = []
    for number, part in enumerate(_parts_of(pages)):
        source, output = home / f"pages-{number}", home / f"index-{number}"
        count = _write_pages(source, part)
        _run(source, say, output, count)
        parts.append(output)
    if len(parts) > 1:
        join_parts(parts)
    elif can_join():
        split_words(parts[0])
    return parts[0]


def _parts_of(pages: list[str]) -> Iterator[Iterator[str]]:
    """Yield the pages, taken out of their list, in as many parts of one size as Pagefind is to get."""
    total = sum(map(len, pages))
    count = -(-total // PART) if can_join() else 1
    pages.reverse()

    def take() -> Iterator[str]:
        taken = 0
        while pages and taken * count < total:
            page = pages.pop()
            taken += len(page)
            yield page

    while pages:
        yield take()


def _write_pages(source: Path, pages: Iterator[str]) -> int:
    """Write what Pagefind is to read, a hundred to a folder: in a full one each file takes longer to make.

    Returns how many there are.
    """
    count = 0
    for html in pages:
        write_together(f"{source}/{count // 100:04}", {f"{count % 100:02}.html": html.encode()})
        count += 1
    return count


def _run(source: Path, say: Messages, output: Path, pages: int) -> None:
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
