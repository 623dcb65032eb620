"""Kills a real bot at random points and counts who was left without an answer.

Round by round: people write by Telegram and by the widget's channel while the process dies (``SIGKILL``),
it is started again, sometimes killed once more while it recovers, and in the end everybody whose message was
acknowledged must have been answered. As in real life, a vendor sends again what was not acknowledged, and a
widget what it got no answer to.
"""
