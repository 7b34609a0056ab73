"""The demonstration: a made-up team, its past, and one night."""
