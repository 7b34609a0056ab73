"""The part of the Drive API that Sheets clients use.

Files, permissions, comments, import and export.
"""
