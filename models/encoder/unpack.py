"""Take the weights back out of model.onnx, so that learning can go on where the shipped model ended.

The inverse of ``export.py``, but for what rounding to 8 bits lost: 8-bit model in, safetensors file out, for
``finetune.py --start``. Word table and positions are not learned, so they come as published.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from export import BLOCK, HEAD_WIDTH, HEADS_OF_ITS_OWN, LAYERS, WEIGHTS_SHA256, WIDTH, published_file
from onnx import numpy_helper
from safetensors.torch import load, save_file

HERE = Path(__file__).resolve().parent


def unpack(model: onnx.ModelProto) -> dict[str, np.ndarray]:
    """Return the learned weights of an exported model, under the names that ``export.build`` read them by."""
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    nodes = model.graph.node
    dense = [node for node in nodes if node.op_type == "MatMulNBits"]
    norms = [node for node in nodes if node.op_type == "LayerNormalization"][1:]  # the first is not learned
    if (len(dense), len(norms)) != (4 * LAYERS, 2 * LAYERS):
        raise SystemExit("model.onnx: not made by this folder's export.py")

    def of_dense(node: onnx.NodeProto) -> tuple[np.ndarray, np.ndarray]:
        sizes = {attribute.name: attribute.i for attribute in node.attribute}
        packed, scales = constants[node.input[1]], constants[node.input[2]]
        blocks = packed.astype(np.float32).reshape(-1, BLOCK) - 128  # the operator's zero is 128
        weight = (blocks * scales.reshape(-1, 1)).reshape(sizes["N"], sizes["K"])
        return weight, constants[node.input[5]]

    found: dict[str, np.ndarray] = {}
    grow = np.repeat(np.array([HEAD_WIDTH**0.5, 1, 1], np.float32), WIDTH)  # undoes attention's division
    for number in range(LAYERS):
        stem = f"encoder.layer.{number}."
        whole, biases = of_dense(dense[4 * number])
        for part, weight, bias in zip(
            ("query", "key", "value"),
            np.split(whole * grow[:, None], 3),
            np.split(biases * grow, 3),
            strict=True,
        ):
            found[f"{stem}attention.self.{part}.weight"] = weight
            found[f"{stem}attention.self.{part}.bias"] = bias
        rest = ("attention.output.dense", "intermediate.dense", "output.dense")
        for name, node in zip(rest, dense[4 * number + 1 : 4 * number + 4], strict=True):
            found[f"{stem}{name}.weight"], found[f"{stem}{name}.bias"] = of_dense(node)
        ends = ("attention.output", "output")
        for name, node in zip(ends, norms[2 * number : 2 * number + 2], strict=True):
            found[f"{stem}{name}.LayerNorm.weight"] = constants[node.input[1]]
            found[f"{stem}{name}.LayerNorm.bias"] = constants[node.input[2]]
    for name in HEADS_OF_ITS_OWN:
        product = next(node for node in nodes if node.name == f"{name}_product")
        shift = next(node for node in nodes if node.name == name)
        found[f"head.{name}.weight"] = constants[product.input[1]].T
        found[f"head.{name}.bias"] = constants[shift.input[1]]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="weights (.safetensors)")
    model = onnx.load(HERE / "model.onnx")
    weights = load(published_file("model.safetensors", WEIGHTS_SHA256))
    weights = {name: value for name, value in weights.items() if value.dtype == torch.float32}
    for name, value in unpack(model).items():
        weights[name] = torch.from_numpy(np.array(value, np.float32, order="C"))
    notes = {entry.key: entry.value for entry in model.metadata_props if entry.key in HEADS_OF_ITS_OWN}
    save_file(weights, parser.parse_args().out, notes)


if __name__ == "__main__":
    main()
