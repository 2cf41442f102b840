"""How the sums over all sets are done: from a row-scaled system to ring elements, never to probabilities.

A :class:`~.question.Question` is put to all engines of the one list in ``registry``; each bids, the cheapest
bid is chosen (``plan``) and run (``answers``). An engine is one file; whoever adds one touches the list, too.
"""
