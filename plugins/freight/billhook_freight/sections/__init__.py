"""Sections: the pages of a freight bill."""
