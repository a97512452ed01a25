"""Code that only the Activations page uses."""
