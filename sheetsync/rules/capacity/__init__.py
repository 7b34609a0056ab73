"""Room in the working lists: who can take how many companies."""
