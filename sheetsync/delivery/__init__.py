"""Out of the program: messages, PDFs, files."""
