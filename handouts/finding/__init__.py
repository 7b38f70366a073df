"""Finding a handout: what there is, and what somebody means. Knows no Flask."""
