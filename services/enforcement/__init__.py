"""Holds accounts to the decisions: append-only events, one ladder, appeals and reversal."""
