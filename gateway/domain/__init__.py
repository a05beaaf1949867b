"""The words of the trade and their rules: pure, with no await, no I/O, no clock."""
