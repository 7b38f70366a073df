"""The PDF stage: a Document becomes tagged bytes. Knows nothing of conditions or templates."""
