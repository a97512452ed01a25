"""Downloads: maps as files, and programs for other libraries."""
