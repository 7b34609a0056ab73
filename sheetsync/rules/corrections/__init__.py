"""Undo, handover, restore, reconcile."""
