"""What the Pixels page alone needs."""
