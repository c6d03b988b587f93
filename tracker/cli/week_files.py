"""Writing a week's page to files."""

import os
from collections.abc import Iterator
from pathlib import Path

from tracker.errors import StorageError
from tracker.progress.week_page import WeekPage
from tracker.report.week_sections import page_of


def write_week_files(page: WeekPage, html: Path | None, pdf: Path | None) -> Iterator[Path]:
    """Write the page where it is wanted; each file is whole or not there, and only its owner can read it.

    Raises:
        StorageError: a file cannot be written; an older one of that name is as it was.
    """
    words = page_of(page)
    if html is not None:
        from tracker.report.week_html import week_html

        yield _written(html, week_html(words).encode())
    if pdf is not None:
        from tracker.report.week_pdf import week_pdf

        yield _written(pdf, week_pdf(words))


def _written(path: Path, content: bytes) -> Path:
    if path.exists() and not path.is_file():
        raise StorageError(
            f"{path} is there and is no file",
            advice="Choose another name for the page.",
            path=str(path),
        )
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {(error.strerror or str(error)).lower()}",
            advice="Choose another file, in a folder that is there and that you may write to.",
            path=str(path),
        ) from error
    return path
