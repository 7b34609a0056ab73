"""Reading a book."""
