"""Page flow: a Document and its structure tree become placed pages."""
