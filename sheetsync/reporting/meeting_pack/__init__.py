"""The pack of a planning meeting (METHOD point 10): one page that needs nothing beside itself.

For a screen and for paper. Pure: figures and rows in, HTML out. Where the book is read and the file
written is `services.export_pack`'s, how it becomes a PDF the delivery's.
"""

from sheetsync.reporting.meeting_pack.html import html_of, office_html_of
from sheetsync.reporting.meeting_pack.model import Page
from sheetsync.reporting.meeting_pack.page import PACKS, Pack, page_of

__all__ = ["PACKS", "Pack", "Page", "html_of", "office_html_of", "page_of"]
