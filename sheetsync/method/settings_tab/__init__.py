"""The whole method as a person sets it.

The Settings tab's blocks, cells as values, values as policy.

One description (`blocks`, `scalars`) serves all: the tab, what the state tab remembers of it, and
the file of `settings --export`. Pure: laying out and writing is the sheets room's.
"""
