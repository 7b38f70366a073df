"""Read a PDF strictly: its bytes, its objects and its trees. Nothing here knows of a join."""
