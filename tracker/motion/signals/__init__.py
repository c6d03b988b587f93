"""What is counted on, sample by sample, and its turning points."""
