"""Code that only the Layers page uses."""
