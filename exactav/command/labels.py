"""Units that the command line names: labels, and amounts by label."""

import csv
from collections.abc import Hashable, Sequence

from exactav.errors import OptionError
from exactav.network.network import Network
from exactav.texts import quoted


def label_of(net: Network, text: str) -> Hashable:
    """The label that reads ``text``; the text itself, for the error message, where there is none."""
    found = [label for label in net.labels if str(label) == text]
    if len(found) > 1:
        raise OptionError(f"units {' and '.join(map(quoted, found))} both read {text}: relabel one of them")
    return found[0] if found else text


def labels_of(net: Network, texts: Sequence[str]) -> list[Hashable]:
    """The labels in lists with commas between; a text that is a label as it stands is that one."""
    labels: list[Hashable] = []
    for text in texts:
        if any(str(label) == text for label in net.labels):
            labels.append(label_of(net, text))
            continue
        labels += [label_of(net, name) for name in _between_commas(text, "--observed")]
    if twice := [label for label in labels if labels.count(label) > 1]:
        raise OptionError(f"--observed names unit {quoted(twice[0])} twice: keep one")
    return labels


def inputs_of(net: Network, texts: Sequence[str]) -> dict[Hashable, str]:
    """Amounts by label from LABEL=EXACT, with commas between."""
    amounts: dict[Hashable, str] = {}
    for part in (part for text in texts for part in _between_commas(text, "--input")):
        name, equals, amount = part.rpartition("=")
        if not equals:
            raise OptionError(f"--input {quoted(part)}: wanted LABEL=EXACT, such as A=1/8")
        label = label_of(net, name.strip())
        if label in amounts:
            raise OptionError(f"--input names unit {quoted(label)} twice: keep one")
        amounts[label] = amount.strip()
    return amounts


def _between_commas(text: str, option: str) -> list[str]:
    try:
        names = next(csv.reader([text], skipinitialspace=True, strict=True), [])
    except csv.Error as error:
        raise OptionError(
            f"{option} {quoted(text)} is no list of labels ({error}): check its quotes"
        ) from None
    return [name.strip() for name in names]
