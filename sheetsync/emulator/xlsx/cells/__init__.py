"""The cells of a sheet: rows as XML, texts, and the values that formulas had."""
