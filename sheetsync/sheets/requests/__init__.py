"""Requests of the Sheets API as plain data."""
