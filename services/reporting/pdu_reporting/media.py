"""In which forms an answer can be asked for, and the media types they are of."""

from collections.abc import Mapping

from pdu_reporting.export import metadata, parquet, plain, workbook

JSON = "application/json"
SVG = "image/svg+xml"

FORMATS: Mapping[str, str] = {
    "json": JSON,
    "csv": plain.MEDIA_TYPE,
    "csvw": metadata.MEDIA_TYPE,
    "xlsx": workbook.MEDIA_TYPE,
    "parquet": parquet.MEDIA_TYPE,
    "chart": JSON,
    "svg": SVG,
}
"""By the word under `format`."""
DRAWINGS = ("chart", "svg")
FILES = ("csv", "xlsx", "parquet", "svg")
"""What a browser keeps as a file."""


def accepted(header: str) -> str:
    """The form whose media type is accepted first, and else JSON."""
    words = {media_type: form for form, media_type in FORMATS.items() if form not in DRAWINGS}
    words[SVG] = "svg"
    wanted = (words.get(one.partition(";")[0].strip()) for one in header.split(","))
    return next((form for form in wanted if form), "json")
