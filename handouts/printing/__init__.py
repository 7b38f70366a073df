"""Handouts on paper: which printers there are, what they can do, and how a job ends.

All talk is IPP (RFC 8010, RFC 8011), with a printer or with the local CUPS.
"""
