"""The models: `types` of fields, `entries` of each kind, `settings` and what stands beside the entries.

In: plain data. Out: frozen, typed values, or pydantic's complaints.
Must not know: files and their positions.
"""
