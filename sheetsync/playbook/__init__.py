"""The tabs of the playbook (METHOD, "the rest of the source"): declared, read, checked.

A file of `templates/<language>/playbook/` is a tab. How one is laid out is `sheets.requests`'.
"""
