"""A playbook as pieces of a site: components rendered, macros, pages' own parts, search, offline lists.

In: a `Playbook` and the folders of components. Out: HTML and files by their address from the site's root.
Must not know: MkDocs or whatever joins the pieces; where the site is written.
"""
