"""Turns sentences into vectors, near for a like sense, and into scores of levels and signs.

The model lies in ``models/encoder``; its README says how it was made.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from baclofen.paths import MODELS

WIDTH = 384
LONGEST = 128  # word pieces, the two marks at the ends included
MOST_CHARACTERS = (
    4000  # far more than 128 word pieces of any real text: keeps a pasted book from costing seconds
)
REMEMBERED = 1024  # texts whose vectors are kept: more than wait for their turn
OUTPUTS = ["embedding", "levels", "signs"]
MODEL, TOKENIZER, CHECKSUMS = "model.onnx", "tokenizer.json", "SHA256SUMS"

logger = logging.getLogger(__name__)


Floats = npt.NDArray[np.float32]


class Encoded(NamedTuple):
    """What the encoder makes of n texts.

    Attributes:
        embeddings: rows of length 1, shape (n, 384).
        levels: scores (logits) of the levels, shape (n, levels).
        signs: scores (logits) of the signs, shape (n, signs).
    """

    embeddings: Floats
    levels: Floats
    signs: Floats


class Encoder:
    """all-MiniLM-L6-v2, fine-tuned, with 8-bit weights, on one thread; may be shared between threads.

    Attributes:
        levels: names of the levels, in the order of their scores.
        signs: names of the signs, in the order of their scores.
    """

    def __init__(self, session: Any, tokenizer: Any) -> None:
        """Wrap an open onnxruntime session and its tokenizer; use ``load`` to get both from files."""
        self._session = session
        self._tokenizer = tokenizer
        names = session.get_modelmeta().custom_metadata_map
        self.levels = tuple(names["levels"].split())
        self.signs = tuple(names["signs"].split())
        # One message is read for the triage and again for the intent, there with its capitals and accents,
        # which the word pieces do not have.
        self._one = lru_cache(maxsize=REMEMBERED)(self._encode_one)
        self._of_pieces = lru_cache(maxsize=REMEMBERED)(self._encode_pieces)

    @classmethod
    def load(cls, folder: Path = MODELS / "encoder") -> Encoder | None:
        """Open the encoder, or do without it; a folder is opened once.

        Args:
            folder: where model, tokenizer and their checksums lie.

        Returns:
            The encoder; None, with a warning of one line, when a file or a library is missing or a file is
            not the one that its checksum describes.
        """
        return _open(folder)

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Read texts, one at a time.

        A batch is no faster on one thread, and alone a text gets the same bits whatever stands beside it.

        Args:
            texts: any strings; what lies beyond 128 word pieces is not read.
        """
        widths = (WIDTH, len(self.levels), len(self.signs))
        found = Encoded(*(np.empty((len(texts), width), np.float32) for width in widths))
        for row, text in enumerate(texts):
            for part, values in zip(found, self._one(text), strict=True):
                part[row] = values
        return found

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the embeddings of texts, shape (texts, 384); see ``encode``."""
        return self.encode(texts).embeddings

    def _encode_one(self, text: str) -> tuple[Floats, ...]:
        return self._of_pieces(tuple(self._tokenizer.encode(_clean(text)).ids))

    def _encode_pieces(self, pieces: tuple[int, ...]) -> tuple[Floats, ...]:
        ids = np.array([pieces], np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        return tuple(part[0] for part in self._session.run(OUTPUTS, feed))


@lru_cache(maxsize=2)
def _open(folder: Path) -> Encoder | None:
    try:
        import onnxruntime
        from tokenizers import Tokenizer

        model, words = _checked(folder, MODEL), _checked(folder, TOKENIZER)
        tokenizer = Tokenizer.from_file(words)
        tokenizer.enable_truncation(LONGEST)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors only
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return Encoder(session, tokenizer)
    except Exception as error:  # whatever is wrong with it, the assistant answers without it
        logger.warning("Going on without the sentence encoder: %s", " ".join(str(error).split()))
        return None


def _checked(folder: Path, name: str) -> str:
    """Compare a file with its line in SHA256SUMS and return its path (a session takes less memory from one).

    Raises:
        OSError: the file or the list is missing.
        ValueError: the file is not listed, or is another one.
    """
    lines = (folder / CHECKSUMS).read_text("utf-8").splitlines()
    expected = {listed: digest for digest, _, listed in (line.partition("  ") for line in lines)}
    path = folder / name
    if hashlib.sha256(path.read_bytes()).hexdigest() != expected.get(name):
        raise ValueError(f"{path} is not the file that {CHECKSUMS} describes")
    return str(path)


def _clean(text: str) -> str:
    """Cut to a bearable length and replace halves of characters, which the tokenizer refuses."""
    return text[:MOST_CHARACTERS].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
