"""What stands beside an entry's text: pictures, and files to take along."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from servicebook.content.model.types import FORMATS, Line, Model, Text, Title

MediaFile = Annotated[str, StringConstraints(pattern=FORMATS["media"], max_length=120)]


class Image(Model):
    """A picture: its file, what it shows in words for who does not see it, and what is said below it."""

    file: MediaFile
    alt: Annotated[Line, StringConstraints(max_length=300)]
    caption: Text | None = None


class Attachment(Model):
    """A file to open or take along, such as a form to fill in."""

    file: MediaFile
    title: Title


# The endings that each may have, and the most kilobytes.
IMAGES = ((".png", ".jpg", ".jpeg", ".webp", ".svg"), 500)
ATTACHMENTS = ((".pdf", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".csv", ".txt"), 5000)
