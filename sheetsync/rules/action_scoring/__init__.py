"""Actions drawn by lot, and scored by the head."""
