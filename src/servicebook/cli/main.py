"""The command line of a process, and what it makes of errors.

Every command imports what it needs when it runs, so that `--help` answers at once.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from servicebook.base import processes
from servicebook.base.problems import ContentError
from servicebook.base.resources import FontMissingError
from servicebook.cli.calls import EXIT_CLEAN, EXIT_CRASH, EXIT_ENDED, EXIT_PROBLEMS, EXIT_USAGE, CallError
from servicebook.cli.commands import (
    admin,
    audits,
    build,
    check,
    codeowners,
    diff,
    edition,
    export,
    fetch_cms,
    fmt,
    init,
    new,
    review,
    schema,
    search,
    serve,
    upgrade,
)
from servicebook.cli.printing import complain, print_problems, shown
from servicebook.cli.shared import Shared
from servicebook.cli.usage import messages_asked, usage_sentence
from servicebook.language.crashes import explain_crash
from servicebook.language.messages import Messages, language_of, messages_in

# In the order of the help.
_COMMANDS = (
    new,
    check,
    fmt,
    diff,
    review,
    search,
    serve,
    build,
    export,
    edition,
    audits,
    init,
    upgrade,
    schema,
    codeowners,
    fetch_cms,
    admin,
)


def main() -> NoReturn:
    """Run the command line of this process."""
    # A command lives for seconds and frees everything at its end; looking for garbage in a large playbook
    # meanwhile costs half of a build's time. `serve`, which stays, turns it on again.
    gc.disable()
    _open_streams()
    _end_in_order()
    code = run(sys.argv[1:])
    processes.end_all()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError):  # whoever read us has gone
            stream.flush()
    # What is left to do at a usual exit is to free a playbook object by object, a tenth of a build's time.
    os._exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code: 0 clean, 1 problems found, 2 wrong use, 3 a fault of ours.

    It is 130 where the command was ended before it had an answer.
    """
    say = messages_in(language_of())  # until it is known what the call asks for
    try:
        say = messages_asked(arguments)
        code = make_cli(say).main(list(arguments), prog_name="servicebook", standalone_mode=False)
        return code if isinstance(code, int) else EXIT_CLEAN
    except (click.Abort, KeyboardInterrupt):
        return EXIT_ENDED
    except click.exceptions.Exit as error:
        return error.exit_code
    except Exception as error:
        try:
            return _tell(error, say)
        except OSError:
            return EXIT_PROBLEMS  # whoever reads what we print has gone
    finally:
        processes.end_all()


def _tell(error: Exception, say: Messages) -> int:
    """Say what a command ended in, and return its exit code."""
    match error:
        case ContentError():
            print_problems(error.problems, "text", say)
            return EXIT_PROBLEMS
        case CallError() | click.UsageError():
            complain(usage_sentence(error, say))
        case FontMissingError():
            complain(say("cli.font-missing", font=error.name, folder=shown(error.folder)))
        case BrokenPipeError():
            return EXIT_PROBLEMS  # whoever read what we print has gone
        case OSError():
            complain(_os_sentence(error, say))
        case _:
            # The last resort: what nobody foresaw is no reason to show somebody a program's inside.
            complain(explain_crash(error, say))
            return EXIT_CRASH
    return EXIT_USAGE


def _os_sentence(error: OSError, say: Messages) -> str:
    """Return what the system refused, and why."""
    if not error.filename:
        return say("cli.refused", reason=say.refusal(error))
    return say("cli.unusable", file=shown(Path(os.fsdecode(error.filename))), reason=say.refusal(error))


def _open_streams() -> None:
    """See to it that there is something to print to, in UTF-8."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed before we began
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        # A Windows console may be set to a code page without ñ; what it cannot show must not stop us.
        getattr(sys, name).reconfigure(encoding="utf-8", errors="replace")


def _end_in_order() -> None:
    """Make every signal that ends a process end this one as Ctrl+C does: what it began is put away first."""

    def end(number: int, frame: object) -> None:
        # Once: what is being put away must not be interrupted by the next.
        for name in names:
            signal.signal(name, signal.SIG_IGN)
        raise KeyboardInterrupt

    names = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    for name in names:
        # What our caller has us ignore (`nohup`, a job in the background) stays ignored.
        if signal.getsignal(name) is not signal.SIG_IGN:
            signal.signal(name, end)


def make_cli(say: Messages) -> click.Group:
    """Return the command line in one language."""
    shared = Shared(say)
    group = shared.group()
    for command in _COMMANDS:
        group.add_command(command.make(shared))
    return group
