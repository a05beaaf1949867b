"""The commands of ``gateway``, a module a kind."""
