"""Measurements of speed and quality: one module per bench, each with `add_arguments(parser)` and `run(args)`.

Belongs here: cases, yardsticks, ratios taken in one run. Never: anything the service itself needs.
"""
