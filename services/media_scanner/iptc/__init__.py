"""Declarations by standard fields: IPTC source types and AI fields, the TC260 label."""
