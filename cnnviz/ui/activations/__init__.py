"""What the Activations page alone needs."""
