"""Parts of the file other than its sheets' cells: the workbook, names, drawings, what we store ourselves."""
