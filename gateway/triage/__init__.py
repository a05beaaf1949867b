"""What a first message is about: rules that anybody can read, weighed by a small trained model.

Pure: nothing here reads the clock, the network or a database; its own data files are read once.
See docs/explanation/how-triage-works.md.
"""
