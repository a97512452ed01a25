"""What the Convolution page alone needs."""
