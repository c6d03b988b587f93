"""One pipeline for live, replay and batch, and what ties it to recorder and store."""
