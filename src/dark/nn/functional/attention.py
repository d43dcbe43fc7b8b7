"""Attention: every query gets a mean of the values, weighted by how well their keys fit it."""  # beyond

import math

from ...dtypes import bool_, float32
from ...ops.creation import ones
from ...ops.piecewise import where
from ...ops.softmax import softmax
from ...tensor import of_tensors
from .dropout import dropout


@of_tensors
def scaled_dot_product_attention(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, enable_gqa=False
):
    """softmax(query @ key.T * scale + attn_mask) @ value; `scale` is 1 / √E unless it is given.

    Shapes: query (*, L, E), key (*, S, E), value (*, S, V), result (*, L, V). attn_mask broadcasts to
    (*, L, S); of bools it is True where a query may look, of numbers it is added. `is_causal` lets query i
    look at the keys 0 ... i. A query that may look nowhere gets 0. `dropout_p` drops weights, also in
    evaluation. `enable_gqa` lets several heads of the query, in dimension -3, share one of key and value.
    Vaswani et al., Attention is all you need (2017).
    """
    check_inputs(query, key, value, attn_mask, dropout_p, is_causal, enable_gqa)
    if enable_gqa:
        heads = query.shape[-3]
        key, value = (x.repeat_interleave(heads // x.shape[-3], -3) for x in (key, value))
    if is_causal:
        attn_mask = ones(query.shape[-2], key.shape[-2], dtype=bool_, device=query.device).tril()

    if scale is None:
        scale = 1 / math.sqrt(max(query.shape[-1], 1))
    scores = query @ key.transpose(-2, -1) * scale
    weights = softmax(scores, -1) if attn_mask is None else masked_softmax(scores, attn_mask)
    if dropout_p > 0:
        weights = dropout(weights, dropout_p)
    return weights @ value


def masked_softmax(scores, mask):
    """The softmax over the last dimension of what the mask leaves; 0 where that is nothing."""
    if mask.dtype is bool_:
        scores = where(mask, scores, -math.inf)
    else:
        scores = scores + mask.to(scores.dtype)
    hidden = (scores == -math.inf).all(-1, True)
    return softmax(scores.masked_fill(hidden, 0.0), -1).masked_fill(hidden, 0.0)


def check_inputs(query, key, value, mask, dropout_p, is_causal, grouped):
    """Raise where the inputs of `scaled_dot_product_attention` do not fit together."""
    name = "scaled_dot_product_attention"
    shapes = f"query {tuple(query.shape)}, key {tuple(key.shape)}, value {tuple(value.shape)}"
    types = f"query {query.dtype}, key {key.dtype}, value {value.dtype}"
    if min(query.ndim, key.ndim, value.ndim) < 2:
        raise RuntimeError(f"{name}: expected (*, L, E), (*, S, E) and (*, S, V), got {shapes}")
    if not query.dtype == key.dtype == value.dtype or not query.is_floating_point():
        raise RuntimeError(f"{name}: expected one floating-point type, got {types}")
    if query.shape[-1] != key.shape[-1] or key.shape[-2] != value.shape[-2]:
        raise RuntimeError(f"{name}: query and key need one E, key and value one S, got {shapes}")
    if mask is not None and is_causal:
        raise RuntimeError(f"{name}: with is_causal there can be no attn_mask; put both into the mask")
    if mask is not None and mask.dtype not in (bool_, float32, query.dtype):
        raise RuntimeError(f"{name}: attn_mask is bool or {query.dtype} as the query, not {mask.dtype}")
    if dropout_p > 1:
        raise RuntimeError(f"{name}: dropout_p is a probability from 0 to 1, not {dropout_p}")
    if grouped:
        heads = [x.shape[-3] if x.ndim > 2 else 0 for x in (query, key, value)]
        if 0 in heads or heads[0] % heads[1] or heads[0] % heads[2]:
            raise RuntimeError(f"{name}: the query's heads must be a multiple of the others': {shapes}")
