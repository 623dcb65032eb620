"""Writes the encoder as published, without our training: ``python -m benchmarks.triage.frozen FOLDER``.

Runs in the peers' environment. ``models/encoder/export.py`` writes the graph, with 8-bit weights as in ours,
so that both cost the same; the two heads that ours has are zeros here.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

EXPORT = Path(__file__).resolve().parents[2] / "models" / "encoder"


def write(folder: Path) -> None:
    """Write model, tokenizer and their checksums.

    Raises:
        SystemExit: the weights are not the published ones.
    """
    sys.path.insert(0, str(EXPORT))
    import export  # type: ignore[import-not-found]

    weights, _ = export.read_safetensors(export.published_file("model.safetensors", export.WEIGHTS_SHA256))
    for head in export.HEADS_OF_ITS_OWN:
        weights[f"head.{head}.weight"] = np.zeros((1, export.WIDTH), np.float32)
        weights[f"head.{head}.bias"] = np.zeros(1, np.float32)
    notes = dict.fromkeys(export.HEADS_OF_ITS_OWN, "unused")
    files = {
        "model.onnx": export.build(weights, notes, eight_bit=True),
        "tokenizer.json": export.trim_tokenizer(
            export.published_file("tokenizer.json", export.TOKENIZER_SHA256)
        ),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    (folder / "SHA256SUMS").write_text("".join(sums), "utf-8")  # last: a folder with it is whole


if __name__ == "__main__":
    write(Path(sys.argv[1]))
