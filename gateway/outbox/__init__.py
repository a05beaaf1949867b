"""From a decision to the provider's answer: every reply owed is tried to the end."""
