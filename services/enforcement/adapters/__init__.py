"""The ledger in memory and in a database."""
