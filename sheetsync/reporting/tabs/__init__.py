"""Report tabs, one module each."""
