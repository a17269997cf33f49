"""The old address of what makes a site: scripts of adopters name it."""

from servicebook.building.builder import SiteBuilder
from servicebook.building.events import ServicebookPlugin

__all__ = ["ServicebookPlugin", "SiteBuilder"]
