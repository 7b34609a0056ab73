"""JSON as Google describes it: schemas of the discovery documents, and field masks."""
