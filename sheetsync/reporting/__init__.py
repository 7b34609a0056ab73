"""What people read: tabs, messages, the meeting pack, the Journal."""
