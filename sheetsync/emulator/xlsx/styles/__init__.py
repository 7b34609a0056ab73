"""How cells look.

Styles, validations and conditional formats, between the file and Google's JSON.
"""
