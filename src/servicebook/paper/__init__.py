"""Everything to print or to open in a spreadsheet: sheets as plain data, their typesetting, workbooks, files.

In: a `Playbook` and a language. Out: named files, each with its inputs and how it is made.
Must not know: HTML, the site's folder, commands.
"""
