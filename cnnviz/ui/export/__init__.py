"""What people take with them: maps as files, and programs in other libraries."""
