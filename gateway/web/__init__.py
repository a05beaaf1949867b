"""The HTTP face: pages, the desk's interface with its live events, and whatever routes adapters bring."""
