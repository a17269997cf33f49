"""A playbook as pieces of a site: components, macros, pages' own parts, search documents, offline lists.

In: a `Playbook` and the folders of components. Out: HTML and files by their address from the site's root.
Must not know: MkDocs or whatever joins the pieces; where the site is written.
"""
