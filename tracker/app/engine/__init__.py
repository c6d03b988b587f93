"""The one session that runs: it belongs to the program, not to any page that looks on."""
