"""Charts between the file and the API."""
