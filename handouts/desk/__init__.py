"""The page for the front desk: in a browser, on one computer, with nothing kept of a patient."""
