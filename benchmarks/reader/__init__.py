"""The rule reader alone, and both readers: ``.venv/bin/python -m benchmarks.reader [--public FOLDER]``.

- Messages a second, English alone and all languages, on the labelled messages, on the emergencies among
  them and on ordinary sentences (``--public``: ``*.txt`` files, one sentence a line, by people who are in no
  danger).
- Rules alone and both readers together on the same messages, nothing remembered.
- The time of messages up to 10,000 characters.
- The same with ten times the phrases in the English lexicon, nine of ten made of other words.
- Time and memory of loading.

Every part runs in a process of its own, on one core. ``results.md`` and ``results.json`` are written here.
"""
