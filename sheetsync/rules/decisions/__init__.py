"""People's decisions, carried out."""
