"""Publishing: handouts of all conditions in a folder that others open in a browser."""
