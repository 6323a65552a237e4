"""Compiles the shipped lexicon and dictionary from their source lists. Not used at run time."""
