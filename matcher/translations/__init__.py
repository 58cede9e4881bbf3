"""What the service says in other languages: a catalogue of sentences each, and how days and lists are said.

Never a decision, and never a compiled file.
"""
