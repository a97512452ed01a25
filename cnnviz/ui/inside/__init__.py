"""Code that only the Inside page uses."""
