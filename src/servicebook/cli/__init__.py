"""The command line: the only room that prints, and the one that turns problems into exit codes.

In: arguments. Out: text on the terminal and an exit code: 0 clean, 1 problems found, 2 wrong use.
Must not know: how anything is done; each command calls one of the other rooms.
"""
