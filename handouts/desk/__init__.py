"""The front desk: finding a handout, and the desk page."""
