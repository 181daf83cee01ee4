"""What every layer may use: three-valued truth, errors, files."""
