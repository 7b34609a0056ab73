"""Opening a book: credentials, addresses, one paced line to the API."""
