"""The encoder as a PyTorch network: all-MiniLM-L6-v2 with three heads. Only for training."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

LAYERS, HEADS, WIDTH, INNER = 6, 12, 384, 1536
WORDS, LONGEST = 30_522, 128
EPSILON = 1e-12
DROPOUT = 0.1
SCALE = 20.0  # the heads read a unit vector: without it they would learn too slowly

Weights = dict[str, Tensor]


class Layer(nn.Module):
    """One transformer layer: (batch, length, width) to the same shape."""

    def __init__(self) -> None:
        super().__init__()
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH)
        self.mixed = nn.Linear(WIDTH, WIDTH)
        self.norm_mixed = nn.LayerNorm(WIDTH, EPSILON)
        self.up = nn.Linear(WIDTH, INNER)
        self.down = nn.Linear(INNER, WIDTH)
        self.norm_down = nn.LayerNorm(WIDTH, EPSILON)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        batch, length, _ = x.shape
        parts = self.query_key_value(x).view(batch, length, 3, HEADS, WIDTH // HEADS).permute(2, 0, 3, 1, 4)
        mixed = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=seen)
        mixed = self.mixed(mixed.transpose(1, 2).reshape(batch, length, WIDTH))
        x = self.norm_mixed(x + F.dropout(mixed, DROPOUT, self.training))
        inner = self.down(F.gelu(self.up(x)))
        result: Tensor = self.norm_down(x + F.dropout(inner, DROPOUT, self.training))
        return result


class Network(nn.Module):
    """Word pieces to embeddings and to the scores of three heads.

    Args:
        levels, signs, intents: how many each head tells apart; the intents only help to learn.
    """

    def __init__(self, levels: int, signs: int, intents: int) -> None:
        super().__init__()
        self.words = nn.Embedding(WORDS, WIDTH)
        self.places = nn.Parameter(torch.zeros(LONGEST, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.levels = nn.Linear(WIDTH, levels)
        self.signs = nn.Linear(WIDTH, signs)
        self.intents = nn.Linear(WIDTH, intents)

    def heads(self) -> list[nn.Parameter]:
        return [p for head in (self.levels, self.signs, self.intents) for p in head.parameters()]

    def freeze_words(self) -> None:
        """Leave the word table as published: it holds words that few messages have."""
        for parameter in (self.words.weight, self.places, *self.norm.parameters()):
            parameter.requires_grad_(False)

    def forward(self, ids: Tensor, seen: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return embeddings (batch, width) and the scores of levels, signs and intents.

        Args:
            ids, seen: word pieces and a mask that is 1 for each of them, both (batch, length).
        """
        x = self.norm(self.words(ids) + self.places[: ids.shape[1]])
        mask = seen[:, None, None, :].bool()
        for layer in self.layers:
            x = layer(x, mask)
        total = (x * seen[..., None].to(x.dtype)).sum(1).float()
        embedding = F.normalize(total, dim=-1)
        scaled = F.dropout(embedding * SCALE, DROPOUT, self.training)
        return embedding, self.levels(scaled), self.signs(scaled), self.intents(scaled)

    def published(self) -> dict[str, tuple[nn.Module, Sequence[str]]]:
        """Return each module with the names that its weights have in the published file."""
        table: dict[str, tuple[nn.Module, Sequence[str]]] = {"norm": (self.norm, ["embeddings.LayerNorm"])}
        for number, layer in enumerate(self.layers):
            stem = f"encoder.layer.{number}."
            parts = [f"{stem}attention.self.{part}" for part in ("query", "key", "value")]
            table |= {
                f"{number}.qkv": (layer.query_key_value, parts),
                f"{number}.mixed": (layer.mixed, [f"{stem}attention.output.dense"]),
                f"{number}.norm_mixed": (layer.norm_mixed, [f"{stem}attention.output.LayerNorm"]),
                f"{number}.up": (layer.up, [f"{stem}intermediate.dense"]),
                f"{number}.down": (layer.down, [f"{stem}output.dense"]),
                f"{number}.norm_down": (layer.norm_down, [f"{stem}output.LayerNorm"]),
            }
        return table

    def take(self, weights: Weights) -> None:
        """Begin with the published weights, or with those that ``give`` returned."""
        self.words.weight.data = weights["embeddings.word_embeddings.weight"].clone()
        kind = weights["embeddings.token_type_embeddings.weight"][0]  # all words are of type 0
        self.places.data = weights["embeddings.position_embeddings.weight"][:LONGEST] + kind
        for module, names in self.published().values():
            for part in ("weight", "bias"):
                whole = torch.cat([weights[f"{name}.{part}"] for name in names])
                getattr(module, part).data = whole.clone()
        for name, head in (("levels", self.levels), ("signs", self.signs)):
            if f"head.{name}.weight" in weights:
                head.weight.data = weights[f"head.{name}.weight"] / SCALE
                head.bias.data = weights[f"head.{name}.bias"].clone()

    def give(self, weights: Weights) -> Weights:
        """Return the weights under their published names, the two lasting heads beside them.

        Args:
            weights: the published ones; what is not learned is taken from there.
        """
        result = {name: value.clone() for name, value in weights.items() if value.dtype == torch.float32}
        result["embeddings.word_embeddings.weight"] = self.words.weight.data
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        result["embeddings.position_embeddings.weight"][:LONGEST] = self.places.data - kind
        for module, names in self.published().values():
            for part in ("weight", "bias"):
                pieces = getattr(module, part).data.chunk(len(names))
                result |= {f"{name}.{part}": piece for name, piece in zip(names, pieces, strict=True)}
        for name, head in (("levels", self.levels), ("signs", self.signs)):
            result[f"head.{name}.weight"] = head.weight.data * SCALE
            result[f"head.{name}.bias"] = head.bias.data
        return {name: value.contiguous() for name, value in result.items()}


def pad(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Return ids and mask of rows of word pieces, filled up to the longest: (rows, longest)."""
    length = max(map(len, rows))
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    seen = torch.zeros(len(rows), length, dtype=torch.long)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = torch.tensor(row)
        seen[number, : len(row)] = 1
    return ids, seen
