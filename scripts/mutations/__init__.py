"""Small slips made in the rules on purpose, and which of them the tests notice."""
