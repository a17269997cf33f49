"""The commands, a module each; `make` in each returns the command in one language.

In: what all commands share. Out: a click command that returns an exit code.
Must not know: each other.
"""
