"""Spectra of Hessians by isotypic components: balls and exact series."""
