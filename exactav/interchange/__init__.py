"""In and out: networkx graphs, files, and the texts that name a network on the command line.

Every reader turns its source into a *draft* (:mod:`~exactav.interchange.draft`): labels, exact weights, and
what else the source says. The draft is scaled to a coupling if one is wanted, and the network checks the
rest. Nothing that is read can run code: texts go through the grammar of :mod:`exactav.numbers.expressions`.
"""

from typing import TYPE_CHECKING

from exactav.deferred import deferred

if TYPE_CHECKING:
    from exactav.interchange.documents import from_json, to_json
    from exactav.interchange.graphs import from_networkx, to_networkx
    from exactav.interchange.reading import DATASETS, FORMATS, read_network
else:
    __getattr__ = deferred(
        __name__,
        {
            "documents": "from_json to_json",
            "graphs": "from_networkx to_networkx",
            "reading": "DATASETS FORMATS read_network",
        },
    )

__all__ = ["DATASETS", "FORMATS", "from_json", "from_networkx", "read_network", "to_json", "to_networkx"]
