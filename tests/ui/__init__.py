"""The pages without a browser: what they compute, say and send."""
