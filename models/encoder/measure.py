"""Print load time, memory and time per sentence of the encoder: ``python models/encoder/measure.py``."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))


def resident_mb() -> float:
    """Memory of this process, in MB (psutil is among the development packages)."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 1e6


def milliseconds(since: float) -> float:
    return (time.perf_counter() - since) * 1000


def main() -> None:
    from baclofen.encoder import Encoder

    sentences = (HERE / "sample.txt").read_text("utf-8").splitlines()
    before, start = resident_mb(), time.perf_counter()
    import onnxruntime  # noqa: F401
    import tokenizers  # noqa: F401

    print(f"libraries: {milliseconds(start):.0f} ms, {resident_mb() - before:.0f} MB")
    before, start = resident_mb(), time.perf_counter()
    encoder = Encoder.load(HERE)
    if encoder is None:
        raise SystemExit("the encoder cannot be loaded")
    encoder.embed(sentences[:1])
    print(f"load, checksums and first sentence included: {milliseconds(start):.0f} ms")
    times = []
    for sentence in sentences * 6:
        start = time.perf_counter()
        encoder._encode_one(sentence)  # what was read before is remembered, and would take no time
        times.append(milliseconds(start))
    median, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"sentence: median {median:.2f} ms, 95 of 100 under {slow:.2f} ms")
    start = time.perf_counter()
    encoder.embed(["pain " * 200])
    print(f"longest text that is read: {milliseconds(start):.1f} ms")
    print(f"model in memory: {resident_mb() - before:.0f} MB")


if __name__ == "__main__":
    main()
