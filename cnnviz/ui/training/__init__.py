"""Code that only the Training page uses."""
