"""The kinds of requests that spreadsheets.batchUpdate takes, by what they work on."""
