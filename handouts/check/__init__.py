"""Checks: everything that is wrong with words and their data, and how hard they are to read."""
