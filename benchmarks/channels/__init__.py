"""Messaging channels under load: ``python -m benchmarks.channels``.

A bot runs with stand-ins for all vendors behind it (``assistant/fakes``). Three questions: is every genuine
webhook answered once and no forged one; do emergencies overtake; does a vendor that hangs slow the others.
"""
