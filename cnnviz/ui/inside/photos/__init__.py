"""The network that knows photos, looked into with the user's own photo."""
