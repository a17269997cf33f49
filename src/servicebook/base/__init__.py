"""What knows nothing of playbooks: problems and where they are, files, caches, processes, YAML.

In: bytes, paths, calls to make. Out: plain values, and problems with a rule and a place; never a sentence.
Must not know: what a playbook holds, a language, a site.
"""
