"""What can be seen inside a trained network: inputs, one unit, evidence for an answer."""
