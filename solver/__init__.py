"""Fair assignment: frozen problem in, frozen plan and certificate out. Numbers only, no names, text, clock or database."""
