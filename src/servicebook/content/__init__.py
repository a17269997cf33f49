"""What a playbook is and how it is read: the typed entries, their shapes and schemas.

In: a folder of YAML. Out: `Content` with every problem of form, then a `Playbook` that can be asked.
Must not know: rules across entries, pages, paper, commands.
"""
