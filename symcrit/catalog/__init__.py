"""Named families of critical points as data, and what is asked of them."""
