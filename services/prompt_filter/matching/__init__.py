"""Finding listed terms, however they are disguised, in time linear in the input."""
