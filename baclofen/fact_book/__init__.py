"""The fact book: every curated answer with its sources as pages that need no server and no scripts.

``python -m baclofen facts FOLDER`` writes them; the bot serves the same pages below ``/facts``.
"""

from baclofen.fact_book.pages import pages, write

__all__ = ["pages", "write"]
