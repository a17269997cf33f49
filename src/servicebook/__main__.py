"""`python -m servicebook`."""

from servicebook.cli.main import main

main()
