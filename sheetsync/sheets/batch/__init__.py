"""The one batch of a run, and the check of its answer."""
