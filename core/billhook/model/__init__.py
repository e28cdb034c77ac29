"""The invoice model: plain frozen data, with the business terms of EN 16931 from the start."""
