"""Measures speed and memory beside a default Rasa bot: ``python -m benchmarks`` (``make bench``)."""
