"""The base as it was read, and what is to become of it: values only."""
