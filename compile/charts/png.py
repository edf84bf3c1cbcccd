"""A drawing as a picture (PNG): resvg draws it in-process, without a browser and without system libraries."""

from __future__ import annotations


def png(svg: str, scale: int = 2) -> bytes:
    """The picture, ``scale`` dots for each unit of the drawing; equal drawing, equal bytes on one machine."""
    import resvg_py  # a library of 4 MB, loaded where a picture is made

    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
