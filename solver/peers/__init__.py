"""Peer pairs and trios: a matching of people that is proved to cost least; never larger circles."""
