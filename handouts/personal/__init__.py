"""Copies for one person each: their fields are read here, and filled after the layout is done."""
