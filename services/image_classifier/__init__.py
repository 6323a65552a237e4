"""Tells harmful pictures, whether or not the prompt asked for them."""
