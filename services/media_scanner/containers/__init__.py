"""Bounded readers of picture containers: fields out, pixels never touched, hostile bytes expected."""
