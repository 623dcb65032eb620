"""Measures how well the chatbot does: ``python -m evaluation`` (``make evaluate``)."""
