"""What lies over cells: filters, tables, charts, between the file and the model."""
