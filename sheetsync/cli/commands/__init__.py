"""What each command does: opens the book, has it done, shows the result, returns the exit code."""
