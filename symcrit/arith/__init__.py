"""Number systems: what the formulas of a landscape can be evaluated in."""
