"""How cells look: styles, validations and conditional formats, between the file and Google's JSON."""
