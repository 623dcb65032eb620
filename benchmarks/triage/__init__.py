r"""Our triage beside its peers: ``.venv/bin/python -m benchmarks.triage``.

Every peer gets the same task, a message in and a level out, in a process of its own:

- a keyword list, negspacy (NegEx) and medspaCy (ConText), all three over the phrases of ``phrases.yml``;
- the nearest labelled messages by the published all-MiniLM-L6-v2, and Rasa's DIET with the levels as intents,
  both trained on the messages that our learned reader learns from;
- ours: the rule reader alone, the learned reader alone, both together.

The first run makes the peers' environment in ``.cache/triage`` from ``requirements.txt``, for medspaCy needs
another spaCy than Rasa can live with, and trains DIET twice, without the held-out writers and with them. That
takes the better part of an hour on one core; later runs take minutes. ``results.md`` says what was measured
and how.

- ``--messages FOLDER``: labelled messages to score, of the form of ``tests/emergencies``.
- ``--public FOLDER``: ``*.txt`` files, one sentence a line, by people who are in no danger: every alarm is a
  false one.
- ``--held-out WRITER …``: files of ``data/messages`` that the trained peers do not learn from.
- ``--ours-held-out FILE``: what our readers, trained without those writers, make of their messages;
  ``python -m benchmarks.triage.verdicts FILE`` writes it. Without a file these two rows are left out.

After a change to ``requirements.in``::

    uv pip compile --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
        --overrides benchmarks/triage/overrides.txt benchmarks/triage/requirements.in \
        -o benchmarks/triage/requirements.txt
"""
