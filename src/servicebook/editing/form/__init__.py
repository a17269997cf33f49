"""The one canonical form of the content files: comments are kept, data never change.

In: the text of a file and the shape of what it holds. Out: the text as everybody writes it.
Must not know: which folder or command asks.
"""
