"""Who may look: login, and what a browser may be made to ask for."""
