"""The spreadsheet in memory: grid, references, formulas, protections. No requests, no files."""
