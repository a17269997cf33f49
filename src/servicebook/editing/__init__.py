"""What editors and their pull requests need: the form of files, differences, skeletons, browser forms.

In: a playbook's folder or two versions of it. Out: texts of files, differences, sentences about them.
Must not know: the site and paper; it never prints.
"""
