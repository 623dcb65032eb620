"""Set-up by one command; standard library only, for it runs before anything is installed."""
