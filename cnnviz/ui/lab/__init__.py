"""Code that only the Lab uses."""
