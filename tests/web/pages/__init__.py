"""View models: values become labels, order and pictures."""
