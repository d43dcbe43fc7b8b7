"""MultiheadAttention: several attentions side by side, each on projections of its own."""  # beyond

from __future__ import annotations

import warnings
from typing import Any

from ...dtypes import bool_
from ...ops.creation import empty, zeros
from ...ops.joining import cat
from ...tensor import Tensor
from .. import functional as F
from .. import init
from ..parameter import Parameter
from .linear import Linear
from .module import Module


class MultiheadAttention(Module):
    """Linear maps of query, key and value, cut into heads; attention in each head; a linear map of all.

    Shapes: query (L, N, E), key (S, N, kdim), value (S, N, vdim), result (L, N, E), with `batch_first`
    (N, L, E) and so on, or without N. `add_bias_kv` appends a trained key and value, `add_zero_attn` zeros.
    Vaswani et al., Attention is all you need (2017).
    """

    in_proj_weight: Any  # of query, key and value, one below the other; None where their widths differ
    in_proj_bias: Any
    bias_k: Any
    bias_v: Any

    def __init__(
        self, embed_dim: int, num_heads: int, dropout: float = 0.0, bias: bool = True,
        add_bias_kv: bool = False, add_zero_attn: bool = False, kdim: int | None = None,
        vdim: int | None = None, batch_first: bool = False, device: Any = None, dtype: Any = None,
    ):  # fmt: skip
        if embed_dim <= 0 or num_heads <= 0:
            sizes = f"embed_dim {embed_dim} and num_heads {num_heads}"
            raise ValueError(f"MultiheadAttention: {sizes} must be greater than 0")
        if embed_dim % num_heads:
            sizes = f"embed_dim {embed_dim} must be divisible by num_heads {num_heads}"
            raise AssertionError(f"MultiheadAttention: {sizes}")
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self.num_heads = num_heads
        self.head_dim = embed_dim // num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.add_zero_attn = add_zero_attn

        e, together = embed_dim, self.kdim == self.vdim == embed_dim
        shapes = {
            "q_proj_weight": None if together else (e, e),
            "k_proj_weight": None if together else (e, self.kdim),
            "v_proj_weight": None if together else (e, self.vdim),
            "in_proj_weight": (3 * e, e) if together else None,
            "in_proj_bias": (3 * e,) if bias else None,
            "bias_k": (1, 1, e) if add_bias_kv else None,
            "bias_v": (1, 1, e) if add_bias_kv else None,
        }
        for name, shape in shapes.items():
            values = None if shape is None else Parameter(empty(shape, device=device, dtype=dtype))
            self.register_parameter(name, values)
        self.out_proj = Linear(e, e, bias=bias, device=device, dtype=dtype)
        self._reset_parameters()

    def _reset_parameters(self):
        """Begin with Glorot's weights, and biases of 0."""
        for name in ("in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"):
            if self._parameters[name] is not None:
                init.xavier_uniform_(self._parameters[name])
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        for bias in (self.bias_k, self.bias_v):
            if bias is not None:
                init.xavier_normal_(bias)

    def forward(
        self, query: Tensor, key: Tensor, value: Tensor, key_padding_mask: Tensor | None = None,
        need_weights: bool = True, attn_mask: Tensor | None = None, average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:  # fmt: skip
        """The result, and with `need_weights` the weights (N, L, S), one by one for each head (N, H, L, S)
        without `average_attn_weights`.

        attn_mask, (L, S) or (N * H, L, S), and key_padding_mask (N, S) are True where a query may not look,
        or numbers to add. `is_causal` says that attn_mask hides all that comes after the query.
        """
        batched = query.ndim == 3
        self._check_shapes(query, key, value, key_padding_mask, attn_mask)
        if is_causal and attn_mask is None:
            raise RuntimeError("MultiheadAttention: is_causal is a hint about attn_mask, which is needed too")
        causal = is_causal and key_padding_mask is None and not need_weights
        mask = None if causal else self._mask(attn_mask, key_padding_mask, query)

        if not batched:
            query, key, value = (x.unsqueeze(0) for x in (query, key, value))
        elif not self.batch_first:
            query, key, value = (x.transpose(0, 1) for x in (query, key, value))
        q, k, v = (self._heads(x) for x in self._projected(query, key, value))  # (N, H, L or S, D)
        if self.add_zero_attn:
            k, v = (F.pad(x, (0, 0, 0, 1)) for x in (k, v))
        if mask is not None and mask.shape[-1] < k.shape[-2]:  # what was appended may be looked at
            mask = F.pad(mask, (0, k.shape[-2] - mask.shape[-1]))

        p = self.dropout if self.training else 0.0
        weights = None
        if need_weights:
            scores = q * self.head_dim**-0.5 @ k.transpose(-2, -1)
            weights = F.softmax(scores if mask is None else scores + mask, -1)  # (N, H, L, S)
            weights = F.dropout(weights, p)
            result = weights @ v
            weights = weights.mean(1) if average_attn_weights else weights
        else:
            result = F.scaled_dot_product_attention(q, k, v, mask, p, causal)
        result = self.out_proj(result.permute(2, 0, 1, 3).flatten(2))  # (L, N, E)
        if not batched:
            return result.squeeze(1), None if weights is None else weights.squeeze(0)
        return result.transpose(0, 1) if self.batch_first else result, weights

    def _projected(self, query, key, value):
        """Query, key and value (N, L or S, E) after their linear maps, and what is appended."""
        if self.in_proj_weight is not None:
            weights = self.in_proj_weight.chunk(3)
        else:
            weights = self.q_proj_weight, self.k_proj_weight, self.v_proj_weight
        biases = (None,) * 3 if self.in_proj_bias is None else self.in_proj_bias.chunk(3)
        q, k, v = map(F.linear, (query, key, value), weights, biases)
        if self.bias_k is not None:
            k, v = (cat([x, b.expand(len(x), 1, -1)], 1) for x, b in ((k, self.bias_k), (v, self.bias_v)))
        return q, k, v

    def _heads(self, x):
        """(N, L, E) cut into heads: (N, H, L, D)."""
        return x.unflatten(-1, (self.num_heads, self.head_dim)).transpose(1, 2)

    def _mask(self, attn_mask, key_padding_mask, query):
        """Both masks as numbers to add, of a shape that broadcasts to (N, H, L, S); None where neither is."""
        mask = None
        if attn_mask is not None:
            mask = to_add(attn_mask, query)
            if mask.ndim == 3:
                mask = mask.unflatten(0, (-1, self.num_heads))
        if key_padding_mask is not None:
            if attn_mask is not None and attn_mask.dtype != key_padding_mask.dtype:
                warnings.warn("attn_mask and key_padding_mask should be of one type", stacklevel=3)
            padding = to_add(key_padding_mask, query)
            padding = padding.reshape(-1, 1, 1, padding.shape[-1])
            mask = padding if mask is None else mask + padding
        return mask

    def _check_shapes(self, query, key, value, key_padding_mask, attn_mask):
        """Raise where the inputs do not fit together."""
        shapes = f"query {tuple(query.shape)}, key {tuple(key.shape)}, value {tuple(value.shape)}"
        if query.ndim not in (2, 3) or not query.ndim == key.ndim == value.ndim:
            raise AssertionError(f"MultiheadAttention: all have 3 dimensions, or 2 without a batch: {shapes}")
        widths = (self.embed_dim, self.kdim, self.vdim)
        if (query.shape[-1], key.shape[-1], value.shape[-1]) != widths or key.shape[:-1] != value.shape[:-1]:
            raise AssertionError(f"MultiheadAttention: expected widths {widths} and one S: {shapes}")
        first = self.batch_first or query.ndim == 2
        length, source = (x.shape[-2] if first else x.shape[0] for x in (query, key))
        batch = 1 if query.ndim == 2 else query.shape[0 if first else 1]
        for name, mask in (("attn_mask", attn_mask), ("key_padding_mask", key_padding_mask)):
            if mask is not None and not (mask.dtype is bool_ or mask.is_floating_point()):
                raise AssertionError(f"MultiheadAttention: {name} is of bools or numbers, not {mask.dtype}")
        expected = [(length, source), (batch * self.num_heads, length, source)]
        if attn_mask is not None and attn_mask.shape not in expected:
            shape = f"attn_mask {tuple(attn_mask.shape)}, expected {expected[0]} or {expected[1]}"
            error = RuntimeError if attn_mask.ndim in (2, 3) and query.ndim == 3 else AssertionError
            raise error(f"MultiheadAttention: {shape} ({shapes})")
        expected = (source,) if query.ndim == 2 else (batch, source)
        if key_padding_mask is not None and key_padding_mask.shape != expected:
            shape = f"key_padding_mask {tuple(key_padding_mask.shape)}, expected {expected}"
            raise AssertionError(f"MultiheadAttention: {shape} ({shapes})")


def to_add(mask, like):
    """A mask of bools, True where nobody may look, as numbers to add."""
    if mask.dtype is bool_:
        return zeros(mask.shape, dtype=like.dtype, device=mask.device).masked_fill(mask, float("-inf"))
    return mask
