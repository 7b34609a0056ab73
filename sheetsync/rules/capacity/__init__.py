"""Room in the working lists."""
