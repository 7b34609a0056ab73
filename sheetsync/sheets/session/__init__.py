"""Who may write just now: the lock, and what the book keeps out of sight."""
