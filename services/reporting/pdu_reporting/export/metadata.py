"""What a program has to know about a CSV file, in the words of CSV on the Web (W3C, 2015)."""

import json

from pdu_reporting.export.table import Table

MEDIA_TYPE = "application/csvm+json"
WITHHELD = "[c]"
CONTEXT = "http://www.w3.org/ns/csvw"


def metadata(url: str, table: Table) -> str:
    """The description of the table that stands at `url`, which is relative to its own place."""
    return json.dumps(
        {
            "@context": [CONTEXT, {"@language": "en"}],
            "url": url,
            "dc:title": table.name,
            "dc:description": table.title,
            "dialect": {"encoding": "utf-8", "header": True},
            "tableSchema": {
                "columns": [
                    {
                        "name": column.name,
                        "titles": column.name,
                        "dc:description": column.means,
                        "datatype": column.holds,
                        "null": ["", WITHHELD],
                    }
                    for column in table.columns
                ]
            },
            "notes": [dict(table.told)],
        },
        ensure_ascii=False,
        indent=2,
    )
