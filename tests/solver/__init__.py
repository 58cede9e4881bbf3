"""Tests of the solver, mirroring its folders."""
