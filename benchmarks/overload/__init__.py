"""Many people at once: how long the first words of an emergency take, and who is told that it is busy."""
