"""The sales method carried out: pure rules over the base."""
