"""What people did between two runs."""
