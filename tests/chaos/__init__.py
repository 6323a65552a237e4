"""Workers and brokers killed on purpose, and a checker that no event was lost, repeated or reordered."""
