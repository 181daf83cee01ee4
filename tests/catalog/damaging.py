"""Files with some bytes changed, or cut off."""

from hypothesis import strategies as st

__all__ = ["damaged"]

MOST_CHANGES = 4


def damaged(content: bytes, data: st.DataObject) -> bytearray:
    """The content with a few bytes changed, and perhaps without its end."""
    found = bytearray(content)
    for _ in range(data.draw(st.integers(0, MOST_CHANGES))):
        place = data.draw(st.integers(0, len(found) - 1))
        found[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        found = found[: data.draw(st.integers(0, len(found)))]
    return found
