"""Pure decisions: facts and the time in, an answer out."""
