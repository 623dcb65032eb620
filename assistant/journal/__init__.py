"""Accepted messages on disk until they are answered, so that a process that is killed loses none.

A vendor that got its 200 never sends again: from then on the message is ours. It stands in the journal from
before the 200 until the last part of its answer has been sent, five minutes at most, and is then overwritten.
Whatever is wrong with the disk, the message is answered all the same.
"""
