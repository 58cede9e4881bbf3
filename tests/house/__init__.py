"""The rules of the house, each checked on the tree, and on a copy in which it is broken on purpose."""
