"""Sections: the pages of a legal bill."""
