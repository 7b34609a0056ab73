"""The command line: what each command is called with, what it does, how it is shown."""
