"""Handouts: tagged, branded PDF handouts for a pain clinic."""

__version__ = "0.1.0"
