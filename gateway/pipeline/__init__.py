"""What to do about one inbound message: pure steps from a Turn to a Plan."""
