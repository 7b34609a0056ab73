"""The sales method as data."""
