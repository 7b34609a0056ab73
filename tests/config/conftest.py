"""These tests run in an empty home of their own: see tests/builders/shell_fixtures.py."""

from tests.builders.shell_fixtures import cloud, home, key, sheetsync

__all__ = ["cloud", "home", "key", "sheetsync"]
