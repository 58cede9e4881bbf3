"""The schemas refuse what is wrong, each thing with its sentence."""
