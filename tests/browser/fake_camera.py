"""What a tablet's camera sees, as the film that Chromium takes for its camera."""

from pathlib import Path

from PIL import Image, ImageFilter

WIDTH_PX, HEIGHT_PX = 1280, 720
CODE_PX = 520
TILT_DEG = 8
TABLE_GREY = 150
# Luma alone: both colour planes, a quarter each, say grey.
COLOURLESS = bytes([128]) * (WIDTH_PX * HEIGHT_PX // 2)


def film(picture: Path, path: Path) -> Path:
    """Write a film: an empty table, then the picture, held askew and not sharp."""
    table = Image.new("L", (WIDTH_PX, HEIGHT_PX), TABLE_GREY)
    aimed = table.copy()
    with Image.open(picture) as code:
        held = code.convert("L").resize((CODE_PX, CODE_PX))
    held = held.rotate(TILT_DEG, expand=True, fillcolor=TABLE_GREY)
    aimed.paste(held, ((WIDTH_PX - held.width) // 2, (HEIGHT_PX - held.height) // 2))
    aimed = aimed.filter(ImageFilter.GaussianBlur(1))
    with path.open("wb") as written:
        head = f"YUV4MPEG2 W{WIDTH_PX} H{HEIGHT_PX} F5:1 Ip A1:1 C420jpeg\n"
        written.write(head.encode())
        for frame in (table, table, aimed, aimed, aimed, aimed):
            written.write(b"FRAME\n" + frame.tobytes() + COLOURLESS)
    return path
