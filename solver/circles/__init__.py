"""Peer circles, pairs and trios: a problem in, a plan with its bound out; never mentors, duties, names."""
