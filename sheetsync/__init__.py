"""sheetsync turns a team's spreadsheet into a sales base that keeps its own rules."""

__version__ = "0.1.0"
