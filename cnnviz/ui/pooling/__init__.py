"""What the Pooling page alone needs."""
