"""A workbook file: read into the model, written back without loss, replaced in one step."""
