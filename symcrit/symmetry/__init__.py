"""Permutation groups acting on rows and columns, and their fixed spaces."""
