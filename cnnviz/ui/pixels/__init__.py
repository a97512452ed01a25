"""Code that only the Pixels page uses."""
