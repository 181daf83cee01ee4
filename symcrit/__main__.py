"""``python -m symcrit`` is the command ``symcrit``."""

from symcrit.cli.main import run

if __name__ == "__main__":
    run()
