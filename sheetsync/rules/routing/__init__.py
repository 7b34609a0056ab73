"""Where a row goes and what keeps it."""
