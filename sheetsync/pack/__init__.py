"""The pack of a planning meeting (METHOD point 10): one page that needs nothing beside itself, for a screen and for paper.

Pure: figures and rows in, HTML out. Where the book is read and the file written is `packing`'s, how it becomes a PDF `printing`'s.
"""

from sheetsync.pack.page import PACKS, Pack, page_of
from sheetsync.pack.render import html_of, office_html_of
from sheetsync.pack.values import Page

__all__ = ["PACKS", "Pack", "Page", "html_of", "office_html_of", "page_of"]
