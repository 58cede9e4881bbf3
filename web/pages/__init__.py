"""View models: values become labels, order and pictures. Pure; never a request, a query or a rule."""
