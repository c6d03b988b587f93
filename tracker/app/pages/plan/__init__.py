"""A person's plan: what it asks for and why, its proposals, changing it, its exercises, and the bands."""
