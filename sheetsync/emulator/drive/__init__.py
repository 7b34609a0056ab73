"""The part of the Drive API that Sheets clients use: files, permissions, comments, import and export."""
