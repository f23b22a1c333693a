"""Write the JSON Schema documents beside this file."""

from pathlib import Path

from schemas.json import files_to_write

for name, text in files_to_write():
    Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="\n")
