"""What is trained: the exercise catalogue."""
