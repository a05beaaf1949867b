"""What people do in the course of a ticket's life besides answering: records, tasks, merging, calls, tags."""
