"""The zip that an .xlsx is: its parts, what points to which, and its replacement on disk."""
