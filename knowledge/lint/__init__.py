"""What an editor should know of a folder before a customer does: one rule a function, each finding with its remedy."""
