"""The one room that knows the site generator: its events, the build and its swap, the preview.

In: a project's folder with its mkdocs.yml. Out: a whole site in a folder, or the problems in its way.
Must not know: how a command was called; it says what it does through a function that it is given.
"""
