"""What is wrong with a playbook, across its entries: ids, references, texts, rules of a kind, upkeep.

In: `Content`. Out: problems, each with its rule, its values and its place, sorted.
Must not know: how a problem is said or printed; a site.
"""
