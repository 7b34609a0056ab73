"""Every book at its hours, and the messages that follow."""
