"""Sections: the pages of an application for payment."""
