"""What can be written where: fields, settings, words, macros, commands and templates, as their code says.

In: the models, the catalogue, the command line and the templates. Out: topics with what each names.
Must not know: how a page shows them; nothing here is a list of its own.
"""
