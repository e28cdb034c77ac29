"""Explanations: rules, their text, formulas, and the tree down to the source line."""
