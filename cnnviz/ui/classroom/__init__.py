"""Tasks for a class, and the sheets of them that come with the app."""
