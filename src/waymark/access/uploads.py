"""Uploads are held in memory: what somebody hands in never lies open on a disk, not even for a second."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# More than any form takes. What is larger is counted and thrown away, and its form says that it was too large.
MOST_BYTES = 12 * 1024 * 1024


class MemoryUploadHandler(FileUploadHandler):
    """Collects one file; a file that is too large arrives with its size and without its content."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]
        self.parts: list[bytes] = []
        self.held = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.held += len(raw_data)
        if self.held <= MOST_BYTES:
            self.parts.append(raw_data)
        else:
            self.parts.clear()

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        content = BytesIO(b"".join(self.parts))
        kind, encoding = self.content_type or "", self.charset
        return InMemoryUploadedFile(content, self.field_name, self.file_name or "", kind, file_size, encoding)
