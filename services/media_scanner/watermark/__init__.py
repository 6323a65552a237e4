"""Palisade's own watermark: invisible, keyed, detected blind with an exact p-value."""
