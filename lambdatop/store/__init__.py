"""What lambdatop remembers: the only mutable state, pure and driven by a clock that is passed in."""
