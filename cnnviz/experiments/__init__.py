"""What pages compute beyond the plain functions, one module per idea."""
