"""Where conversations, their locks and their events go: this machine, or PostgreSQL, Redis and RabbitMQ.

Each of them may be dead, slow or frozen: a turn then goes on with what this process holds.
"""
