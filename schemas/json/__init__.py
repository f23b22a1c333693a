"""The JSON Schema documents as files; ``python -m schemas.json`` writes them anew."""

import json
from collections.abc import Iterator

from schemas.json_schema import documents


def files_to_write() -> Iterator[tuple[str, str]]:
    """Yield (file name, text) for every document, as committed."""
    for name, document in documents().items():
        text = json.dumps(document, ensure_ascii=False, indent=1)
        yield f"{name}.schema.json", f"{text}\n"
