"""A city's campaign played through from an empty folder to the proved tally."""
