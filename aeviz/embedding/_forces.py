"""Compute t-SNE's forces sample by sample, and take its steps, in compiled code.

The computations of one sample are here; the callers (`_repulsion`, `_descent`) decide for which
samples and when. Every function processes some rows, ``first`` to ``last``, and writes only to
these rows, without holding Python's lock. So several threads may process different rows, and no
digit depends on which thread does what. Compiled code is kept between runs, see
`aeviz.core.numba_cache`.
"""

import math

import numba
import numpy as np

from aeviz.core.numba_cache import kept

__all__ = [
    "ORDER",
    "attract",
    "bounds",
    "center",
    "gather",
    "move",
    "repel",
    "spread",
    "stretch",
    "values_at_nodes",
]

# Of the B-splines: they have degree five and cover six nodes per axis.
ORDER = 6
_GAIN_ADDED, _GAIN_KEPT, _GAIN_LEAST = 0.2, 0.8, 0.01
_MOMENTUM = 0.8
_LONGEST_STEP = 5.0

_FAST = {"fastmath": True, "nogil": True, "error_model": "numpy"}


@kept("void(f8[:, ::1], u4[::1], u4[::1], f4[::1], f8[:, ::1], u8, u8)", **_FAST)
def attract(
    points: np.ndarray,
    starts: np.ndarray,
    others: np.ndarray,
    affinities: np.ndarray,
    forces: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Write Σ_j p_ij (y_i - y_j) / (1 + ‖y_i - y_j‖²) of some rows of a sparse P."""
    for i in range(first, last):
        x, y = points[i, 0], points[i, 1]
        force_x = force_y = 0.0
        for edge in range(starts[i], starts[i + 1]):
            j = others[edge]
            gap_x, gap_y = x - points[j, 0], y - points[j, 1]
            pull = affinities[edge] / (1.0 + gap_x * gap_x + gap_y * gap_y)
            force_x += pull * gap_x
            force_y += pull * gap_y
        forces[i, 0], forces[i, 1] = force_x, force_y


@kept("void(f8[:, ::1], u4[::1], u4[::1], f4[::1], f8[::1], u8, u8)", **_FAST)
def stretch(
    points: np.ndarray,
    starts: np.ndarray,
    others: np.ndarray,
    affinities: np.ndarray,
    found: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Write Σ_j p_ij log(1 + ‖y_i - y_j‖²) of some rows of a sparse P."""
    for i in range(first, last):
        total = 0.0
        for edge in range(starts[i], starts[i + 1]):
            j = others[edge]
            gap_x, gap_y = points[i, 0] - points[j, 0], points[i, 1] - points[j, 1]
            total += affinities[edge] * math.log1p(gap_x * gap_x + gap_y * gap_y)
        found[i] = total


@kept("void(f4[::1], f4[::1], f8[::1], f8[:, ::1], u8, u8)", **_FAST)
def repel(
    along_x: np.ndarray,
    along_y: np.ndarray,
    potentials: np.ndarray,
    forces: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Write Σ_j 1 / (1 + d_ij²) and Σ_j (y_i - y_j) / (1 + d_ij²)² over all samples j."""
    one = np.float32(1.0)
    for i in range(first, last):
        x, y = along_x[i], along_y[i]
        potential = force_x = force_y = np.float32(0.0)
        for j in range(np.uint64(len(along_x))):
            gap_x, gap_y = x - along_x[j], y - along_y[j]
            closeness = one / (one + gap_x * gap_x + gap_y * gap_y)
            potential += closeness
            push = closeness * closeness
            force_x += push * gap_x
            force_y += push * gap_y
        potentials[i], forces[i, 0], forces[i, 1] = potential, force_x, force_y


@numba.njit(fastmath=True, error_model="numpy")
def _weigh(part: float, values: np.ndarray, slopes: np.ndarray) -> None:
    """Write the B-splines of the nodes around a point, and their slopes, by recurrence.

    ``part`` in [0, 1) is the distance of the point from the node before it.
    """
    values[0], values[1] = 1.0 - part, part
    for order in range(3, ORDER + 1):
        if order == ORDER:
            slopes[0] = -values[0]
            for node in range(1, ORDER - 1):
                slopes[node] = values[node - 1] - values[node]
            slopes[ORDER - 1] = values[ORDER - 2]
        scale = 1.0 / (order - 1)
        values[order - 1] = scale * part * values[order - 2]
        for node in range(order - 2, 0, -1):
            below = (part + order - 1 - node) * values[node - 1]
            values[node] = scale * (below + (node + 1 - part) * values[node])
        values[0] *= scale * (1.0 - part)


@kept("f8[::1]()")
def values_at_nodes() -> np.ndarray:
    """Return a B-spline at the nodes that it covers."""
    values, slopes = np.empty(ORDER), np.empty(ORDER)
    _weigh(0.0, values, slopes)
    return values


@kept("void(f8[:, ::1], f8[:, ::1], u8, u8)", **_FAST)
def spread(positions: np.ndarray, grid: np.ndarray, first: int, last: int) -> None:
    """Add some samples to a grid, one unit each; positions are in units of its nodes."""
    along_x, along_y, slopes = np.empty(ORDER), np.empty(ORDER), np.empty(ORDER)
    for i in range(first, last):
        row, column = np.uint64(positions[i, 0]), np.uint64(positions[i, 1])
        _weigh(positions[i, 0] - row, along_x, slopes)
        _weigh(positions[i, 1] - column, along_y, slopes)
        for a in range(np.uint64(ORDER)):
            for b in range(np.uint64(ORDER)):
                grid[row + a, column + b] += along_x[a] * along_y[b]


@kept("void(f8[:, ::1], f8[:, ::1], f8[::1], f8[:, ::1], u8, u8)", **_FAST)
def gather(
    positions: np.ndarray,
    grid: np.ndarray,
    potentials: np.ndarray,
    slopes: np.ndarray,
    first: int,
    last: int,
) -> None:
    """Write a grid's interpolated values and slopes at some positions, in units of its nodes."""
    along_x, along_y = np.empty(ORDER), np.empty(ORDER)
    slopes_x, slopes_y = np.empty(ORDER), np.empty(ORDER)
    for i in range(first, last):
        row, column = np.uint64(positions[i, 0]), np.uint64(positions[i, 1])
        _weigh(positions[i, 0] - row, along_x, slopes_x)
        _weigh(positions[i, 1] - column, along_y, slopes_y)
        potential = slope_x = slope_y = 0.0
        for a in range(np.uint64(ORDER)):
            value = slope = 0.0
            for b in range(np.uint64(ORDER)):
                value += along_y[b] * grid[row + a, column + b]
                slope += slopes_y[b] * grid[row + a, column + b]
            potential += along_x[a] * value
            slope_x += slopes_x[a] * value
            slope_y += along_x[a] * slope
        potentials[i], slopes[i, 0], slopes[i, 1] = potential, slope_x, slope_y


@kept("f8[:, ::1](f8[:, ::1])")
def bounds(points: np.ndarray) -> np.ndarray:
    """Return the smallest and the largest coordinates; NumPy takes forty times as long."""
    found = np.empty((2, 2))
    found[:] = points[0]
    for i in range(1, len(points)):
        for axis in range(2):
            found[0, axis] = min(found[0, axis], points[i, axis])
            found[1, axis] = max(found[1, axis], points[i, axis])
    return found


@kept("void(f8[:, ::1])")
def center(points: np.ndarray) -> None:
    """Move all samples so that their mean is zero."""
    mean_x = mean_y = 0.0
    for i in range(len(points)):
        mean_x += points[i, 0]
        mean_y += points[i, 1]
    mean_x /= len(points)
    mean_y /= len(points)
    for i in range(len(points)):
        points[i, 0] -= mean_x
        points[i, 1] -= mean_y


# Without fastmath: many rows at a time must give the same bits as one row at a time.
@kept(
    "void(f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8[:, ::1], f8, f8, f8, u8, u8)",
    nogil=True,
    error_model="numpy",
)
def move(
    points: np.ndarray,
    steps: np.ndarray,
    gains: np.ndarray,
    attraction: np.ndarray,
    repulsion: np.ndarray,
    exaggeration: float,
    repulsion_scale: float,
    rate: float,
    first: int,
    last: int,
) -> None:
    """Move some samples down the gradient, with momentum and a gain for every coordinate.

    A gain grows while the gradient points against the direction of the last step, and shrinks
    when it has turned. No step is longer than five units.
    """
    for i in range(first, last):
        squared = 0.0
        for axis in range(2):
            gradient = exaggeration * attraction[i, axis] - repulsion_scale * repulsion[i, axis]
            if np.sign(steps[i, axis]) != np.sign(gradient):
                gains[i, axis] += _GAIN_ADDED
            else:
                gains[i, axis] = gains[i, axis] * _GAIN_KEPT + _GAIN_LEAST
            step = _MOMENTUM * steps[i, axis] - rate * gains[i, axis] * gradient
            steps[i, axis] = step
            squared += step * step
        length = math.sqrt(squared)
        for axis in range(2):
            if length > _LONGEST_STEP:
                steps[i, axis] = steps[i, axis] / length * _LONGEST_STEP
            points[i, axis] += steps[i, axis]
