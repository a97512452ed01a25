"""What the Lab alone needs."""
