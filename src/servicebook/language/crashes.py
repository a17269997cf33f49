"""An error that nobody foresaw, told in one sentence, its details in a file."""

from __future__ import annotations

import datetime as dt
import tempfile
import traceback
from pathlib import Path

from platformdirs import user_cache_path

from servicebook import __version__
from servicebook.language.messages import Messages


def explain_crash(error: BaseException, say: Messages) -> str:
    """Return the sentence for an error that nobody foresaw; the file that it names says where it happened."""
    told = f"servicebook {__version__}\n{''.join(traceback.format_exception(error))}"
    name = f"servicebook-{dt.datetime.now():%Y%m%d-%H%M%S-%f}.txt"
    for folder in (user_cache_path("servicebook") / "errors", Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(told, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return say("cli.crash", file=folder / name)
    return say("cli.crash-untold", reason=f"{type(error).__name__}: {error}")
