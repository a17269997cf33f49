"""How a command ends: its exit codes, and the error of a wrong call."""

from __future__ import annotations

EXIT_CLEAN, EXIT_PROBLEMS, EXIT_USAGE, EXIT_CRASH = 0, 1, 2, 3
# What a shell says of a program that was ended by Ctrl+C: no answer to what was asked.
EXIT_ENDED = 130


class CallError(Exception):
    """Raised when a command was called wrongly; the sentence is ready to print."""
