"""The only room that speaks gspread: opening a book, reading it, writing one batch.

What is to be written is decided elsewhere; here it becomes requests.
"""
