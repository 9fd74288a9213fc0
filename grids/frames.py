"""Frames of coordinates: degrees of WGS-84, metres on the plane of the city, and GCJ-02, which shifts degrees. Pure.

The city is thirty kilometres wide: on a plane that touches it in the middle, areas are right to one part in a thousand.
"""

import math

import numpy as np
from shapely import transform
from shapely.geometry.base import BaseGeometry

MIDDLE = (118.75, 36.88)  # degrees east, north: 寿光市区
_A, _EE = 6378245.0, 0.00669342162296594323  # the ellipsoid of GCJ-02

_PHI = math.radians(MIDDLE[1])
# Metres in a degree at the middle (series for WGS-84).
DEGREE = np.array(
    [
        111_412.84 * math.cos(_PHI) - 93.5 * math.cos(3 * _PHI),
        111_132.92 - 559.82 * math.cos(2 * _PHI) + 1.175 * math.cos(4 * _PHI),
    ]
)


def metres(outline: BaseGeometry) -> BaseGeometry:
    """Degrees to metres east and north of the middle of the city."""
    return transform(outline, lambda points: (points - MIDDLE) * DEGREE)


def degrees(east: float, north: float) -> tuple[float, float]:
    """The way back, for a point that is to be named."""
    return MIDDLE[0] + east / float(DEGREE[0]), MIDDLE[1] + north / float(DEGREE[1])


def gcj_shift(longitude: float, latitude: float) -> tuple[float, float]:
    """How far GCJ-02 shows a point from where it is, in metres east and north; about 510 and 50 here."""
    x, y = longitude - 105.0, latitude - 35.0
    root, pi = math.sqrt(abs(x)), math.pi
    waves = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
    north += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3
    north += (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
    east += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3
    east += (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    phi = math.radians(latitude)
    magic = 1 - _EE * math.sin(phi) ** 2
    north = north * 180 / (_A * (1 - _EE) / (magic * math.sqrt(magic)) * pi)
    east = east * 180 / (_A / math.sqrt(magic) * math.cos(phi) * pi)
    return east * float(DEGREE[0]), north * float(DEGREE[1])
