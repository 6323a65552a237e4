"""Models behind the ImageModel port."""
