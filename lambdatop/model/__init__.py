"""The nouns: frozen, slotted types that every other layer shares."""
