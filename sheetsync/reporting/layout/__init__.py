"""What report tabs are made of: cells, lines, charts, colours."""
