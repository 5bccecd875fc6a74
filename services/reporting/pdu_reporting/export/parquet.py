"""Tables as Parquet, written page by page, with what is told of them in the file's own metadata."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import IO, TYPE_CHECKING, Any

from pdu_reporting.export.table import Cell, Column, Holds

if TYPE_CHECKING:
    from arro3.core import DataType, RecordBatch, Schema

MEDIA_TYPE = "application/vnd.apache.parquet"
TOLD = "pdu"
"""Under which key of the file's metadata the rest stands, as JSON."""
ROW_GROUP = 65_536
EPOCH_DAY = date(1970, 1, 1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def write(
    file: IO[bytes],
    columns: Sequence[Column],
    pages: Iterable[Sequence[Sequence[Cell]]],
    told: Mapping[str, Any],
) -> None:
    """Write the file; pages are asked for one after the other, and none is kept."""
    # Few processes ever write one.
    from arro3.core import RecordBatchReader  # noqa: PLC0415
    from arro3.io import write_parquet  # noqa: PLC0415

    schema = _schema(columns)
    batches = (_batch(schema, columns, page) for page in pages if page)
    meaning = {column.name: column.means for column in columns}
    write_parquet(
        RecordBatchReader.from_batches(schema, batches),
        file,
        compression="zstd(3)",
        max_row_group_size=ROW_GROUP,
        key_value_metadata={TOLD: json.dumps({**told, "columns": meaning}, ensure_ascii=False)},
    )


def _schema(columns: Sequence[Column]) -> "Schema":
    from arro3.core import Field, Schema  # noqa: PLC0415

    return Schema([Field(one.name, _kept_as(one.holds), nullable=True) for one in columns])


def _kept_as(holds: Holds) -> "DataType":
    from arro3.core import DataType  # noqa: PLC0415

    match holds:
        case Holds.TEXT:
            return DataType.string()
        case Holds.WHOLE:
            return DataType.int64()
        case Holds.NUMBER:
            return DataType.float64()
        case Holds.FLAG:
            return DataType.bool()
        case Holds.DAY:
            return DataType.date32()
        case Holds.MOMENT:
            return DataType.timestamp("us", tz="UTC")


def _batch(
    schema: "Schema", columns: Sequence[Column], page: Sequence[Sequence[Cell]]
) -> "RecordBatch":
    from arro3.core import Array, DataType, RecordBatch  # noqa: PLC0415

    arrays = []
    for column, cells in zip(columns, zip(*page, strict=True), strict=True):
        match column.holds:
            case Holds.DAY:
                days = Array([_days(cell) for cell in cells], DataType.int32())
                arrays.append(days.cast(DataType.date32()))
            case Holds.MOMENT:
                moments = Array([_microseconds(cell) for cell in cells], DataType.int64())
                arrays.append(moments.cast(_kept_as(Holds.MOMENT)))
            case Holds.NUMBER:
                numbers = [None if cell is None else float(cell) for cell in cells]
                arrays.append(Array(numbers, DataType.float64()))
            case plain:
                arrays.append(Array(list(cells), _kept_as(plain)))
    return RecordBatch.from_arrays(arrays, schema=schema)


def _days(cell: Cell) -> int | None:
    return (cell - EPOCH_DAY).days if isinstance(cell, date) else None


def _microseconds(cell: Cell) -> int | None:
    if not isinstance(cell, datetime):
        return None
    since = cell - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
