"""The wording: model objects to cells and text, knowing no terminal library."""
