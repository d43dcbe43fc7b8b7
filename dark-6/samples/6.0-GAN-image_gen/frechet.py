"""How far apart two clouds of points are: the Fréchet distance, the measure of the pictures' quality."""

import numpy as np


def frechet_distance(features_a: np.ndarray, features_b: np.ndarray) -> float:
    """The Fréchet distance of two sets of features, (N, F) and (M, F), each seen as a normal distribution.

    |μa − μb|² + trace(Σa + Σb − 2 (Σa Σb)^½), with the means μ and the covariances Σ of the features. It is 0
    where both are equal, and grows where the one set is elsewhere, or wider or narrower in some direction
    (Dowson and Landau, The Fréchet distance between multivariate normal distributions, 1982).

    Few features look farther apart than they are: only distances of equal N and M can be compared.
    """
    mean_a, covariance_a = statistics(features_a)
    mean_b, covariance_b = statistics(features_b)
    if len(mean_a) != len(mean_b):
        raise ValueError(f"frechet_distance: {len(mean_a)} features against {len(mean_b)}")
    apart = np.square(mean_a - mean_b).sum()
    spread = np.trace(covariance_a) + np.trace(covariance_b) - 2 * trace_of_root(covariance_a, covariance_b)
    return max(float(apart + spread), 0.0)  # rounding makes 0 a little less


def statistics(features: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean (F,) and the covariance (F, F) of features (N, F), in float64."""
    features = np.asarray(features, np.float64)
    if features.ndim != 2 or len(features) < 2:
        raise ValueError(f"frechet_distance: features are (N, F) with N from 2, got {features.shape}")
    if not np.isfinite(features).all():
        raise ValueError("frechet_distance: some features are infinite or no numbers")
    mean = features.mean(axis=0)
    apart = features - mean
    return mean, apart.T @ apart / (len(features) - 1)


def trace_of_root(a: np.ndarray, b: np.ndarray) -> float:
    """The trace of (a b)^½ of two covariances.

    a b is not symmetric. But it has the eigenvalues of a^½ b a^½, which is, and the trace of the root is the
    sum of their roots: no root of a matrix without symmetry has to be found.
    """
    root = square_root(a)
    eigenvalues = np.linalg.eigvalsh(root @ b @ root)
    return float(np.sqrt(eigenvalues.clip(min=0)).sum())


def square_root(a: np.ndarray) -> np.ndarray:
    """The symmetric matrix whose square is the covariance `a`."""
    eigenvalues, vectors = np.linalg.eigh(a)
    return vectors * np.sqrt(eigenvalues.clip(min=0)) @ vectors.T
