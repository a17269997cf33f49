"""servicebook: an organisation's service standards as data, checked and rendered."""

__version__ = "0.1.0"
