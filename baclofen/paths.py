"""Where the project's data and models lie."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BACLOFEN_DATA") or ROOT / "data")
MODELS = Path(os.environ.get("BACLOFEN_MODELS") or ROOT / "models")
