"""Call flows: what the caller hears, and what comes next, one turn at a time."""
