"""Models from elsewhere, behind the domain's ports."""
