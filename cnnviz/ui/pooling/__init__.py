"""Code that only the Pooling page uses."""
