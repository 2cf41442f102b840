"""In and out: networkx graphs, files, and the texts that name a network on the command line.

Every reader turns its source into a *draft* (:mod:`~exactav.interchange.draft`): labels, exact weights, and
what else the source says. The draft is scaled to a coupling if one is wanted, and the network checks the
rest. Nothing that is read can run code: texts go through the grammar of :mod:`exactav.numbers.expressions`.
"""

from exactav.interchange.documents import from_json as from_json
from exactav.interchange.documents import to_json as to_json
from exactav.interchange.graphs import from_networkx as from_networkx
from exactav.interchange.graphs import to_networkx as to_networkx
from exactav.interchange.reading import DATASETS as DATASETS
from exactav.interchange.reading import FORMATS as FORMATS
from exactav.interchange.reading import read_network as read_network

__all__ = ["DATASETS", "FORMATS", "from_json", "from_networkx", "read_network", "to_json", "to_networkx"]
