"""Style sheet, script and drawings under addresses that change with their content."""

import hashlib
import re
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
DRAWING = re.compile(r"url\(([a-z-]+\.svg)\)")

router = APIRouter(include_in_schema=False)


class Assets:
    """Every static file, read once, each known by its name and by its address."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        # Drawings first: the style sheet names them by the addresses they get here.
        for path in sorted(STATIC.iterdir(), key=lambda path: (path.suffix == ".css", path.name)):
            self._take(path)

    def address(self, name: str) -> str:
        """Where a file is served: portal.css becomes /static/portal.5f0c….css."""
        return f"/static/{self.names[name]}"

    def _take(self, path: Path) -> None:
        content = path.read_bytes()
        if path.suffix == ".css":
            content = DRAWING.sub(lambda m: f"url({self.names[m[1]]})", content.decode()).encode()
        mark = hashlib.sha256(content).hexdigest()[:12]
        self.names[path.name] = f"{path.stem}.{mark}{path.suffix}"
        self.files[self.names[path.name]] = content


@router.get("/coordinate/register-worker.js")
async def register_worker(request: Request) -> Response:
    """What keeps registers on a device. Browsers look for it at one address, under the desk's."""
    assets = request.app.state.desk.pages.assets
    content = assets.files[assets.names["register-worker.js"]]
    return Response(content, media_type=KINDS[".js"], headers={"Cache-Control": "no-cache"})


@router.get("/static/{name}")
async def static_file(name: str, request: Request) -> Response:
    """One file, to be kept for ever: another content has another address."""
    content = request.app.state.desk.pages.assets.files.get(name)
    if content is None:
        raise HTTPException(404)
    kind = KINDS[Path(name).suffix]
    return Response(content, media_type=kind, headers={"Cache-Control": FOR_EVER})
