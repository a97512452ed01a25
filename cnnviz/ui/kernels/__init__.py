"""What the Kernels page alone needs."""
