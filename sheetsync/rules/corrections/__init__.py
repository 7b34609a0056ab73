"""What has been done, taken back or put right: undo, restore, mending after a write."""
