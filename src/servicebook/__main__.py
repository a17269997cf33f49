"""`python -m servicebook`."""

from servicebook.cli import main

main()
