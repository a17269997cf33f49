"""Pure answers about a playbook: rows, addresses, facets, matrices, news, editions, what is due.

In: a `Playbook` and a language. Out: plain, frozen rows that screen, paper, spreadsheet and data share.
Must not know: HTML, PDF, commands, the day unless it is given.
"""
