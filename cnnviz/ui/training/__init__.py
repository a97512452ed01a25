"""What the Training page alone needs."""
