"""The lift of type II by this package; prints what ``type_ii.gp`` prints."""

import json
import sys
import time

import symcrit


def main(beyond: int) -> None:
    """Print the seconds, then a line for each coefficient."""
    symcrit.family("A")  # loads what every family needs
    start = time.process_time()
    family = symcrit.family("II")
    # a_2 and o_2 start with t^4.
    found = family.series(order=4 + beyond)
    print(time.process_time() - start)
    for j, name in enumerate(family.names, 1):
        for n, c in found[name].terms:
            for top, bottom in c.parts.values():
                p, q = ([int(x) for x in y.coeffs()] for y in (top, bottom))
                print(json.dumps([j, int(n), p, q]))


if __name__ == "__main__":
    main(int(sys.argv[1]))
