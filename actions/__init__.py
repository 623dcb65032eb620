"""Custom actions for Rasa: they only pick; facts and words come from ``baclofen``."""
