"""Parts of the file other than its sheets' cells.

The workbook, names, drawings, what we store ourselves.
"""
