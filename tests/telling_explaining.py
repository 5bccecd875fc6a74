"""Builders of what explains figures."""

from datetime import date
from uuid import uuid4

from pdu_shared.contracts.resources.explaining import AnnotationAdded, CategoryRecoded


def annotation(**details) -> AnnotationAdded:
    told = {
        "annotation_id": uuid4(),
        "code": f"annotation-{uuid4().hex[:8]}",
        "label": "The roof leaked",
        "starts_on": date(2199, 1, 1),
    }
    return AnnotationAdded(**{**told, **details})


def recoding(**details) -> CategoryRecoded:
    told = {
        "recoding_id": uuid4(),
        "code": f"recoding-{uuid4().hex[:8]}",
        "scheme": "sector",
        "source_code": "other",
        "canonical_code": "voluntary",
        "note": "Tenants had no sector of their own.",
    }
    return CategoryRecoded(**{**told, **details})
