"""A class: rooms that one screen leads, tasks, and the sheets of them that come with the app."""
