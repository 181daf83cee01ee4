"""Kernels and patterns: loss, gradient and Hessian, one text for all numbers."""
