"""The summary, block by block."""
