"""Fine-tunes the lower layers of the encoder with one logit per head, in JAX."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
import optax

from services.prompt_filter.training.transformer import ATTENTION_HEADS, NORM_EPSILON, Encoder, Layer

Array = npt.NDArray[np.float64]
Parameters = dict[str, Any]


@dataclass(frozen=True)
class EncoderSettings:
    """Word vectors and the `frozen` lowest layers keep their pre-trained values, so that words
    which training never shows keep their place.
    """

    frozen: int = 1
    layers: int = 3
    tokens: int = 64
    batch: int = 32
    steps: int = 2600
    rate: float = 1e-4
    warmup: float = 0.06
    decay: float = 0.01
    dropout: float = 0.1
    seed: int = 7


@dataclass(frozen=True)
class TrainedEncoder:
    """An encoder cut to its trained layers, with the head's weights and biases."""

    encoder: Encoder
    head: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]


@dataclass(frozen=True)
class TokenisedSet:
    """Token ids of each text, soft targets and weights of shape (texts, heads)."""

    ids: Sequence[Sequence[int]]
    targets: Array
    weights: Array


def train(encoder: Encoder, data: TokenisedSet, settings: EncoderSettings) -> TrainedEncoder:
    """Minimise weighted cross-entropy; texts are drawn by their total weight."""
    heads = data.targets.shape[1]
    parameters = _trained_part(encoder, settings, heads)
    frozen = _frozen_part(encoder, settings)
    warmup = int(settings.steps * settings.warmup)
    schedule = optax.warmup_cosine_decay_schedule(0, settings.rate, warmup, settings.steps)
    optimiser = optax.chain(
        optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=settings.decay)
    )
    state = optimiser.init(parameters)

    @jax.jit
    def step(parameters: Parameters, state: Any, batch: Any, key: Any) -> Any:
        def loss(parameters: Parameters) -> Any:
            ids, mask, targets, weights = batch
            below = lower(frozen, ids, mask)
            logits = upper(parameters, below, mask, settings.dropout, key)
            each = optax.sigmoid_binary_cross_entropy(logits, targets) * weights
            return each.sum() / weights.sum()

        value, gradient = jax.value_and_grad(loss)(parameters)
        updates, state = optimiser.update(gradient, state, parameters)
        return optax.apply_updates(parameters, updates), state, value

    key = jax.random.key(settings.seed)
    for number, batch in enumerate(_batches(data, settings)):
        key, drop = jax.random.split(key)
        parameters, state, value = step(parameters, state, batch, drop)
        if number % 100 == 0:
            print(f"encoder step {number}/{settings.steps} loss {float(value):.4f}", flush=True)
    return _result(encoder, settings, parameters)


def lower(frozen: Parameters, ids: Any, mask: Any) -> Any:
    """Token vectors (texts, tokens, hidden) after the frozen layers."""
    summed = frozen["words"][ids] + frozen["positions"][: ids.shape[1]]
    hidden = _norm(summed, frozen["scale"], frozen["shift"])
    for layer in frozen["layers"]:
        hidden = _layer(layer, hidden, mask, 0.0, (None, None))
    return hidden


def upper(parameters: Parameters, hidden: Any, mask: Any, dropout: float, key: Any) -> Any:
    """Logits (texts, heads) from the token vectors of `lower` and the mask of tokens."""
    keys = jax.random.split(key, 2 * len(parameters["layers"]) + 1)
    for number, layer in enumerate(parameters["layers"]):
        hidden = _layer(layer, hidden, mask, dropout, keys[2 * number : 2 * number + 2])
    mean = _drop(token_mean(hidden, mask), dropout, keys[-1])
    return mean @ parameters["head"] + parameters["bias"]


def token_mean(hidden: Any, mask: Any) -> Any:
    """The mean vector of each text's tokens."""
    total = (hidden * mask[:, :, None]).sum(axis=1)
    return total / mask.sum(axis=1, keepdims=True)


def _layer(layer: Parameters, hidden: Any, mask: Any, dropout: float, keys: Any) -> Any:
    texts, tokens, width = hidden.shape
    size = width // ATTENTION_HEADS
    qkv = (hidden @ layer["qkv"] + layer["qkv_bias"]).reshape(texts, tokens, 3, ATTENTION_HEADS, size)
    query, key, value = qkv[:, :, 0], qkv[:, :, 1], qkv[:, :, 2]
    similar = jnp.einsum("bqhd,bkhd->bhqk", query, key) / np.sqrt(size)
    similar = jnp.where(mask[:, None, None, :] > 0, similar, -1e9)
    mixed = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(similar), value)
    attended = mixed.reshape(texts, tokens, width) @ layer["attended"] + layer["attended_bias"]
    attended = _drop(attended, dropout, keys[0])
    hidden = _norm(hidden + attended, layer["attended_scale"], layer["attended_shift"])
    raised = jax.nn.gelu(hidden @ layer["up"] + layer["up_bias"], approximate=False)
    lowered = _drop(raised @ layer["down"] + layer["down_bias"], dropout, keys[1])
    return _norm(hidden + lowered, layer["output_scale"], layer["output_shift"])


def _norm(x: Any, scale: Any, shift: Any) -> Any:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = jnp.square(centred).mean(axis=-1, keepdims=True)
    return centred * jax.lax.rsqrt(spread + NORM_EPSILON) * scale + shift


def _drop(x: Any, share: float, key: Any) -> Any:
    if not share:
        return x
    return jnp.where(jax.random.bernoulli(key, 1 - share, x.shape), x / (1 - share), 0)


def _frozen_part(encoder: Encoder, settings: EncoderSettings) -> Parameters:
    return {
        "words": jnp.asarray(encoder.words),
        "positions": jnp.asarray(encoder.positions[: settings.tokens]),
        "scale": jnp.asarray(encoder.scale),
        "shift": jnp.asarray(encoder.shift),
        "layers": [_arrays(layer) for layer in encoder.layers[: settings.frozen]],
    }


def _trained_part(encoder: Encoder, settings: EncoderSettings, heads: int) -> Parameters:
    chosen = encoder.layers[settings.frozen : settings.layers]
    return {
        "layers": [_arrays(layer) for layer in chosen],
        "head": jnp.zeros((encoder.words.shape[1], heads)),
        "bias": jnp.zeros(heads),
    }


def _arrays(layer: Layer) -> dict[str, Any]:
    return {name: jnp.asarray(value) for name, value in vars(layer).items()}


def _result(encoder: Encoder, settings: EncoderSettings, parameters: Parameters) -> TrainedEncoder:
    trained = tuple(
        Layer(**{name: np.asarray(value) for name, value in layer.items()}) for layer in parameters["layers"]
    )
    cut = replace(
        encoder,
        positions=encoder.positions[: settings.tokens],
        layers=encoder.layers[: settings.frozen] + trained,
    )
    return TrainedEncoder(cut, np.asarray(parameters["head"]), np.asarray(parameters["bias"]))


def _batches(data: TokenisedSet, settings: EncoderSettings) -> Iterator[tuple[Any, ...]]:
    """Texts of like length together, padded to a multiple of 16 so that few shapes compile."""
    random = np.random.default_rng(settings.seed)
    chance = np.sqrt(data.weights.sum(axis=1))
    chance /= chance.sum()
    # A text drawn by its weight must not be weighted by it again.
    share = data.weights / np.maximum(chance[:, None] * len(chance), 1e-12)
    made = 0
    while made < settings.steps:
        drawn = random.choice(len(chance), size=64 * settings.batch, p=chance)
        drawn = drawn[np.argsort([len(data.ids[row]) for row in drawn], kind="stable")]
        groups = random.permutation(drawn.reshape(-1, settings.batch))
        for rows in groups[: settings.steps - made]:
            yield _batch(data, share, rows, settings.tokens)
            made += 1


def _batch(data: TokenisedSet, share: Array, rows: Any, tokens: int) -> tuple[Any, ...]:
    longest = max(len(data.ids[row]) for row in rows)
    width = min(tokens, -(-longest // 16) * 16)
    ids = np.zeros((len(rows), width), dtype=np.int32)
    mask = np.zeros((len(rows), width), dtype=np.float32)
    for place, row in enumerate(rows):
        kept = data.ids[row][:width]
        ids[place, : len(kept)] = kept
        mask[place, : len(kept)] = 1
    targets = np.nan_to_num(data.targets[rows]).astype(np.float32)
    return ids, mask, targets, share[rows].astype(np.float32)
