"""What the Geometry page alone needs."""
