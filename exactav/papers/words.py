"""Lists of words, as sets."""


def words(*texts: str) -> frozenset[str]:
    """The words of texts.

    >>> sorted(words("b a", "c"))
    ['a', 'b', 'c']
    """
    return frozenset(word for text in texts for word in text.split())
