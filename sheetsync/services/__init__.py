"""Use cases: one module for each thing a user can ask for."""
