"""Where an import comes from: a file, a folder, a zip archive or a web address, opened with limits.

A data file from outside is not trusted: an archive that unpacks to far more than it holds, a line that never ends or a
download without end is refused with its name, before it can fill memory or disk.
"""

from __future__ import annotations

import codecs
import io
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import ijson

from waymark.directory.formats.hsds_records import ExchangeError, Messages

TOTAL_LIMIT = 4 * 1024**3
DOWNLOAD_LIMIT = 1024**3
RATIO_LIMIT = 200
RATIO_FLOOR = 20 * 1024**2
ENTRY_LIMIT = 2_000
PAGE_LIMIT = 5_000
LINE_LIMIT = 4 * 1024**2
_CHUNK = 1024**2
_SUFFIXES = {".csv", ".json", ".ndjson", ".jsonl"}


@dataclass(frozen=True)
class SourceFile:
    """One file of the set; `open()` gives its bytes from the start, as often as needed."""

    name: str
    path: Path
    entry: str | None = None

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem.lower()

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        if self.entry is None:
            with self.path.open("rb") as stream:
                yield stream
            return
        with zipfile.ZipFile(self.path) as archive, archive.open(self.entry) as inner:
            yield inner


def is_url(place: str) -> bool:
    return urlsplit(place).scheme in {"http", "https"}


def fetch(url: str, into: IO[bytes], *, limit: int = DOWNLOAD_LIMIT) -> str:
    """Download `url`; returns its content type. Raises ExchangeError with a plain reason."""
    if not is_url(url):
        raise ExchangeError(f"{url}: only http and https addresses are read.")
    request = urllib.request.Request(url, headers={"Accept": "application/json, text/csv, application/zip"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - scheme checked above
            size = 0
            while block := answer.read(_CHUNK):
                size += len(block)
                if size > limit:
                    raise ExchangeError(f"{url}: the download is larger than {limit // 1024**2} MB and was stopped.")
                into.write(block)
            return str(answer.headers.get_content_type())
    except urllib.error.HTTPError as error:
        raise ExchangeError(f"{url}: the server answered {error.code} {error.reason}.") from None
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", error)
        raise ExchangeError(f"{url}: could not be reached ({reason}). Check the address and the network.") from None


@contextmanager
def open_source(place: str) -> Iterator[list[SourceFile]]:
    """The data files of a path or address; a download lives in a temporary folder until the block ends."""
    if not is_url(place):
        yield list(_local(Path(place)))
        return
    with tempfile.TemporaryDirectory(prefix="hsds-") as folder:
        name = PurePosixPath(urlsplit(place).path).name or "download"
        target = Path(folder) / "download"
        with target.open("wb") as stream:
            content_type = fetch(place, stream)
        if zipfile.is_zipfile(target):
            yield list(_entries(target))
        else:
            suffix = PurePosixPath(name).suffix.lower()
            if suffix not in _SUFFIXES:
                name += ".csv" if "csv" in content_type else ".json"
            first = SourceFile(name, target)
            yield [first, *_further_pages(place, first)]


def pages_in(file: SourceFile) -> tuple[int, int]:
    """Number of this page and of all pages, for a page of an interface; (1, 1) for any other file."""
    if file.suffix != ".json":
        return 1, 1
    found = {"page_number": 1, "total_pages": 1}
    with file.open() as stream:
        try:
            for prefix, event, value in ijson.parse(stream):
                if event == "number" and prefix in found:
                    found[prefix] = int(value)
                if prefix == "contents" or (prefix == "" and event == "start_array"):
                    break
        except ijson.JSONError:
            return 1, 1
    return found["page_number"], found["total_pages"]


def _further_pages(place: str, first: SourceFile) -> list[SourceFile]:
    """An interface answers in pages: the others are fetched too, so that an import is never quietly a part."""
    number, total = pages_in(first)
    if total <= number:
        return []
    if total > PAGE_LIMIT:
        raise ExchangeError(
            f"{place}: {total:,} pages are too many, at most {PAGE_LIMIT:,} are read. Ask for larger pages."
        )
    parts = urlsplit(place)
    query = [(key, value) for key, value in parse_qsl(parts.query) if key != "page"]
    files, size = [], 0
    for page in range(number + 1, total + 1):
        address = urlunsplit(parts._replace(query=urlencode([*query, ("page", str(page))])))
        target = first.path.with_name(f"page-{page}")
        with target.open("wb") as stream:
            fetch(address, stream, limit=DOWNLOAD_LIMIT - size)
            size += stream.tell()
        files.append(SourceFile(f"{PurePosixPath(first.name).stem}-page-{page}.json", target))
    return files


def _local(path: Path) -> Iterator[SourceFile]:
    if not path.exists():
        raise ExchangeError(f"{path}: there is no such file or folder.")
    if path.is_dir():
        files = [SourceFile(item.name, item) for item in sorted(path.iterdir()) if item.suffix.lower() in _SUFFIXES]
        if not files:
            raise ExchangeError(f"{path}: the folder holds no .csv, .json or .ndjson file.")
        yield from files
    elif zipfile.is_zipfile(path):
        yield from _entries(path)
    elif path.suffix.lower() in _SUFFIXES:
        yield SourceFile(path.name, path)
    else:
        raise ExchangeError(f"{path}: give a .csv, .json, .ndjson or .zip file, or a folder of them.")


def _entries(path: Path) -> Iterator[SourceFile]:
    """Files of an archive, after its table of contents has been checked."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except zipfile.BadZipFile:
        raise ExchangeError(f"{path.name}: the archive is damaged. Make it again and retry.") from None
    if len(infos) > ENTRY_LIMIT:
        raise ExchangeError(f"{path.name}: the archive holds {len(infos):,} files, at most {ENTRY_LIMIT:,} are read.")
    total = 0
    for info in infos:
        total += info.file_size
        ratio = info.file_size / max(info.compress_size, 1)
        if (info.file_size > RATIO_FLOOR and ratio > RATIO_LIMIT) or total > TOTAL_LIMIT:
            raise ExchangeError(
                f"{path.name}: {info.filename} unpacks to {info.file_size // 1024**2:,} MB, {ratio:,.0f} times its packed "
                "size. This looks like a trap and was refused."
            )
        if info.flag_bits & 1:
            raise ExchangeError(f"{path.name}: {info.filename} is locked with a password. Unlock the archive first.")
    found = [info for info in infos if PurePosixPath(info.filename).suffix.lower() in _SUFFIXES]
    found = [info for info in found if "__MACOSX" not in info.filename]
    if not found:
        raise ExchangeError(f"{path.name}: the archive holds no .csv, .json or .ndjson file.")
    for info in sorted(found, key=lambda item: item.filename):
        yield SourceFile(PurePosixPath(info.filename).name, path, info.filename)


def encoding_of(file: SourceFile, messages: Messages) -> str:
    """UTF-8 (with or without its mark), UTF-16 by its mark, else Windows-1252 with a warning that names the row."""
    with file.open() as stream:
        start = stream.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        row = 1
        block = start
        while block:
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                row += block.count(b"\n", 0, error.start)
                messages.add("warning", "the file is not UTF-8: read as Windows-1252 (Latin-1)", file.name, row)
                return "cp1252"
            row += block.count(b"\n")
            block = stream.read(_CHUNK)
    return "utf-8-sig"


class BoundedLines:
    """Lines of a text stream; a line longer than the limit is refused instead of filling memory."""

    def __init__(self, stream: IO[bytes], encoding: str, file: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        self._file = file
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LINE_LIMIT):
            self.number += 1
            if len(line) >= LINE_LIMIT and not line.endswith("\n"):
                raise ExchangeError(
                    f"{self._file}, row {self.number}: the line is longer than {LINE_LIMIT // 1024**2} MB. "
                    "A quote is probably not closed; nothing was imported."
                )
            yield line
