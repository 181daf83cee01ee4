"""Proofs as data, and the checker that re-runs their inequalities."""
