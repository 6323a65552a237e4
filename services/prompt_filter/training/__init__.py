"""Training of the prompt model: from the data folder to models/prompt_filter, one command."""
