"""Pictures, decoded once and safely, and what identifies them. Shared by every consumer of images."""
