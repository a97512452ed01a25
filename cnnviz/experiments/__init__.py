"""What a page computes beyond the plain functions, one module an idea."""
