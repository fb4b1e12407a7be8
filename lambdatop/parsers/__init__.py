"""Log text to model objects; nothing here raises, reads or writes."""
