"""Messaging channels: text messages, WhatsApp, Telegram, Slack, Messenger.

One way for all of them (``channel.py``, ``answering.py``, ``sending.py``): receive, verify, de-duplicate,
acknowledge, guard, Rasa, shape, send.
"""
