"""All that knows a language: sentences by key, inline marks, dates, numbers, the order of titles.

In: a key or a value, and the catalogue folders in `locale/`. Out: text for people.
Must not know: what a playbook holds; who shows the text.
"""
