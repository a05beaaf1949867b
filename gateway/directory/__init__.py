"""The house's customer records: asked for an order, compared with what somebody claims to know of it."""
