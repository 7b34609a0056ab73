"""The Sheets API: which call an address means, what it does to the model, how the answer looks."""
