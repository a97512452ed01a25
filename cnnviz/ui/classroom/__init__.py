"""Use in class: rooms that one screen leads, tasks, and the task sheets that come with the app."""
