"""Measures speed, memory and training beside a default Rasa bot: ``python -m benchmarks`` (``make bench``)."""
