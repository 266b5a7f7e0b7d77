"""The module `recommendations`: what goes with what, by what was bought."""
