"""What is wrong with rows and with how they are led."""
