"""Several processes on Redis and PostgreSQL beside the default Rasa bot, and what growth costs."""
