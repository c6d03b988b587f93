"""Looking through what was recorded: the list of sessions, one session, a recording from elsewhere."""
