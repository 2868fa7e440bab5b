"""Test whether an autoencoder is lossy, and no match for JPEG: bits against quality."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.page.content import (
    Figure,
    SectionContent,
    Split,
    Table,
    Text,
)
from aeviz.page.wording import fixed, number
from aeviz.plots.line_charts import Line
from aeviz.tutorial._charts import line_chart
from aeviz.tutorial._errors import reconstructed, squared_errors
from aeviz.tutorial._findings import Finding, finding, verdicts
from aeviz.tutorial._image_files import blank_bytes, grey_levels, in_files, in_one_file
from aeviz.tutorial._rate_distortion import Point, cheapest_at, frontier, psnr, rate_distortion
from aeviz.tutorial._tables import table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

STEPS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
PCA_SIZES = (8, 16, 32, 64, 128)
QUALITIES = (1, 2, 5, 10, 20, 35, 50, 75, 90, 95)
JPEG, PNG = {"format": "JPEG", "optimize": True}, {"format": "PNG", "optimize": True}
BYTES_PER_WEIGHT = 4
# What a coarser step may lose of the best quality, in dB, and still count as the same.
SAME_QUALITY = 0.1


def _measure(workshop: Workshop) -> Results:
    ours = workshop.ours("deep")
    X_test = workshop.X_test
    images = grey_levels(X_test)
    workshop.update(0, 3, "rounding the autoencoder's codes")
    given_back = reconstructed(ours, X_test)
    numbers: dict[str, Any] = {
        "n_images": len(images),
        "n_pixels": X_test.shape[1],
        "code_size": int(ours.code_size_),
        "n_exact": int(np.all(grey_levels(given_back) == images, axis=(1, 2)).sum()),
        "best_psnr": psnr(float(squared_errors(X_test, given_back).mean())),
        "deep": rate_distortion(ours, ours.transform(workshop.X), X_test, steps=STEPS),
        "deep_weights": int(ours.decoder_.count_params()),
    }
    workshop.update(1, 3, "rounding PCA's codes")
    numbers["pca"] = _pca_curves(workshop)
    workshop.update(2, 3, "JPEG and PNG")
    numbers["jpeg_files"] = [
        {"quality": q, **in_files(images, quality=q, **JPEG)} for q in QUALITIES
    ]
    numbers["jpeg_one"] = [
        {"quality": q, **in_one_file(images, quality=q, **JPEG)} for q in QUALITIES
    ]
    numbers["png_files"], numbers["png_one"] = in_files(images, **PNG), in_one_file(images, **PNG)
    numbers["jpeg_blank_bytes"] = blank_bytes(quality=QUALITIES[0], **JPEG)
    return Results(numbers)


def _pca_curves(workshop: Workshop) -> dict[str, list[Point]]:
    """Return the curve of each size; a smaller PCA is the beginning of the largest."""
    from aeviz.encoders.pca import PCAEncoder

    most = min(workshop.X.shape)
    curves = {}
    for size in PCA_SIZES:
        if size <= most:
            pca = PCAEncoder(size, random_state=workshop.seed).fit(workshop.X)
            codes = pca.transform(workshop.X)
            curves[str(size)] = rate_distortion(pca, codes, workshop.X_test, steps=STEPS)
    return curves


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    summary = (
        "The tutorial says that autoencoders are lossy, and that it is hard to train one that "
        "“does a better job than a basic algorithm like JPEG”, unless for images of a very "
        "specific kind, such as those that JPEG is bad at. MNIST is of a very specific kind. Here "
        f"the {numbers['n_images']:,} test images are coded by the deep autoencoder with its "
        f"{numbers['code_size']} numbers rounded, by PCA, by JPEG and by PNG: bits per pixel "
        "against the peak signal-to-noise ratio (PSNR)."
    )
    question = "Is an autoencoder lossy, and no match for JPEG?"
    answer = verdicts(question, _findings(numbers), _answer(numbers))
    return SectionContent(
        summary, [Split([answer], [_figure(numbers)]), _table(numbers), Text([_how(numbers)])]
    )


def _chosen(numbers: dict[str, Any]) -> Point:
    """Return the autoencoder's cheapest point of, as good as, its best quality."""
    points = numbers["deep"]
    best = max(point["psnr"] for point in points)
    good = [point for point in points if point["psnr"] >= best - SAME_QUALITY]
    return min(good, key=lambda point: point["bits"])


def _model_bits(numbers: dict[str, Any]) -> float:
    """Return the decoder's size in bits per pixel of the test images."""
    n_pixels = numbers["n_images"] * numbers["n_pixels"]
    return 8.0 * BYTES_PER_WEIGHT * numbers["deep_weights"] / n_pixels


def _findings(numbers: dict[str, Any]) -> list[Finding]:
    ours = _chosen(numbers)
    model = _model_bits(numbers)
    quality = f"at {fixed(ours['psnr'], 1)} dB,"
    exact, n = numbers["n_exact"], numbers["n_images"]
    highest = max(point["psnr"] for point in numbers["jpeg_one"])
    lossy = (
        f"{exact:,} of {n:,} images are reconstructed exactly, from unrounded numbers too; PNG "
        f"keeps all for {_bits(numbers['png_one']['bits'])}"
    )
    found = [finding(exact < n, "Lossy:", lossy)]
    rivals = (
        ("Against JPEG, all images in one mosaic:", ours["bits"], "jpeg_one", ""),
        ("Against JPEG, one file per image:", ours["bits"], "jpeg_files", ""),
        (
            f"With the decoder's weights shared out over {n:,} images:",
            ours["bits"] + model,
            "jpeg_one",
            " in one mosaic",
        ),
    )
    for subject, bits, name, where in rivals:
        holds, told = _against(numbers[name], bits, ours["psnr"])
        found.append(finding(holds, subject, f"{quality} {_bits(bits)}; JPEG{where} {told}"))
    above = f"the autoencoder has no more to give; JPEG goes on to {fixed(highest, 1)} dB"
    if highest <= numbers["best_psnr"]:
        above = f"JPEG ends at {fixed(highest, 1)} dB, before the autoencoder"
    subject = f"Above {fixed(numbers['best_psnr'], 1)} dB:"
    return [*found, finding(highest > numbers["best_psnr"], subject, above)]


def _against(curve: list[Point], bits: float, quality: float) -> tuple[bool | None, str]:
    """Return whether JPEG is as cheap at a quality (None: cannot be told), and in words."""
    coarsest = frontier(curve)[0]
    theirs = cheapest_at(curve, quality)
    if theirs is None:
        return False, "does not reach it"
    if quality < coarsest["psnr"] and bits < theirs:
        # JPEG has no setting so coarse: it takes more bits for better quality.
        return None, f"begins at {_bits(theirs)} and {fixed(coarsest['psnr'], 1)} dB"
    return theirs <= bits, f"takes {_bits(theirs)}"


def _answer(numbers: dict[str, Any]) -> str:
    ours = _chosen(numbers)
    told = "It is lossy. " if numbers["n_exact"] < numbers["n_images"] else "It is not lossy here. "
    holds, against = _against(numbers["jpeg_one"], ours["bits"], ours["psnr"])
    told += f"At {fixed(ours['psnr'], 1)} dB, its own best quality, it takes {_bits(ours['bits'])} "
    told += f"where JPEG {against}"
    theirs = cheapest_at(numbers["jpeg_one"], ours["psnr"])
    if holds is False and theirs is not None:
        told += (
            ": for the one kind of image that it was trained on it is more than a match"
            f"{_worth(numbers, theirs - ours['bits'])}"
        )
    told += ". "
    at_rate = [p["psnr"] for p in frontier(_all_pca(numbers)) if p["bits"] <= ours["bits"]]
    if not at_rate:
        return told + "No PCA here is as cheap."
    gain = ours["psnr"] - max(at_rate)
    word = "worse" if gain > 0 else "better"
    return told + f"PCA of the same bits or fewer is {fixed(abs(gain), 1)} dB {word}."


def _worth(numbers: dict[str, Any], saved: float) -> str:
    """Return from how many images on the decoder's own size pays off, as text."""
    bits = 8.0 * BYTES_PER_WEIGHT * numbers["deep_weights"]
    n_images = int(np.ceil(bits / (saved * numbers["n_pixels"])))
    return f", once {n_images:,} images or more share the decoder's own size"


def _all_pca(numbers: dict[str, Any]) -> list[Point]:
    return [point for curve in numbers["pca"].values() for point in curve]


def _figure(numbers: dict[str, Any]) -> Figure:
    size = str(numbers["code_size"])
    curves = {f"autoencoder, {size} numbers": frontier(numbers["deep"])}
    if size in numbers["pca"]:
        curves[f"PCA, {size} numbers"] = frontier(numbers["pca"][size])
    curves["PCA, best of its sizes"] = frontier(_all_pca(numbers))
    curves["JPEG, one mosaic"] = frontier(numbers["jpeg_one"])
    curves["JPEG, one file per image"] = frontier(numbers["jpeg_files"])
    series = {name: Line(_column(c, "bits"), _column(c, "psnr")) for name, c in curves.items()}
    told = "; ".join(
        f"{name}: from {fixed(c[0]['psnr'], 1)} dB at {_bits(c[0]['bits'])} to "
        f"{fixed(c[-1]['psnr'], 1)} dB at {_bits(c[-1]['bits'])}"
        for name, c in curves.items()
    )
    caption = (
        "Up and to the left is better. PNG, which loses nothing, takes "
        f"{_bits(numbers['png_one']['bits'])} in one mosaic and "
        f"{_bits(numbers['png_files']['bits'])} in one file per image."
        f"{_same_size_as_png(numbers)}"
    )
    draw = line_chart(
        series, height_px=400, xlabel="bits per pixel", ylabel="PSNR, dB", log_base=10
    )
    return Figure("claim_jpeg_curves", draw, f"{told}.", caption, "Bits against quality")


def _same_size_as_png(numbers: dict[str, Any]) -> str:
    size = numbers["png_one"]["bits"]
    within = [point["psnr"] for point in numbers["jpeg_one"] if point["bits"] <= size]
    if not within:
        return ""
    return f" JPEG of no more bits than PNG in one mosaic gets to {fixed(max(within), 1)} dB."


def _column(points: list[Point], name: str) -> np.ndarray:
    return np.array([point[name] for point in points])


def _table(numbers: dict[str, Any]) -> Table:
    size, model = numbers["code_size"], _model_bits(numbers)
    rows = [
        _row(f"Autoencoder, {size} numbers", f"step {p['step']:g}", p, model)
        for p in numbers["deep"]
    ]
    for n, curve in numbers["pca"].items():
        pixels = numbers["n_images"] * numbers["n_pixels"]
        own = 8.0 * BYTES_PER_WEIGHT * (int(n) + 1) * numbers["n_pixels"] / pixels
        rows += [_row(f"PCA, {n} numbers", f"step {p['step']:g}", p, own) for p in curve[1:2]]
    for name, place in (("jpeg_one", "one mosaic"), ("jpeg_files", "one file per image")):
        rows += [_row(f"JPEG, {place}", f"quality {p['quality']}", p) for p in numbers[name][::3]]
    for name, place in (("png_one", "one mosaic"), ("png_files", "one file per image")):
        rows.append(_row(f"PNG, {place}", "lossless", {**numbers[name], "psnr": np.inf}))
    caption = (
        f"Bits are of each of the {numbers['n_pixels']} pixels of an image. The size of a model is "
        f"that of its decoder's weights at {BYTES_PER_WEIGHT} bytes each, shared out over "
        f"{numbers['n_images']:,} images; it is paid once, however many images there are. Some of "
        "the settings measured are left out."
    )
    columns = ("", "Setting", "Bits per pixel", "PSNR, dB", "Size of the model, bits per pixel")
    return table(columns, rows, caption, title="Settings")


def _row(name: str, setting: str, point: Point, model: float | None = None) -> list[str]:
    quality = "exact" if np.isinf(point["psnr"]) else fixed(point["psnr"], 2)
    size = "–" if model is None else fixed(model, 3)
    return [name, setting, fixed(point["bits"], 3), quality, size]


def _how(numbers: dict[str, Any]) -> str:
    return (
        "How: each number of a code is rounded to multiples of a step, which is the shorter the "
        "more the decoder's output reacts to that number, and costs what an ideal arithmetic coder "
        "would take with a table of frequencies from the training codes; no coder was run, and the "
        "tables' size is not counted. JPEG and PNG are Pillow's, with optimised tables. One file "
        f"an image is mostly header: a black image takes {numbers['jpeg_blank_bytes']:,} bytes as "
        "JPEG. The mosaic has all images as tiles of 32 × 32 pixels with a black border, so that "
        "they share a header and no block has parts of two; its bits are divided by the images' "
        "own pixels. PSNR is of the squared error over all pixels of all images. The step is "
        "given as the distance that it moves a reconstruction. What the same autoencoder does to "
        "images that are no such digits is told in a chapter of its own."
    )


def _bits(bits: float) -> str:
    return f"{number(bits)} bits per pixel"


CHAPTER = Chapter("It is lossy and no match for JPEG", 130, _measure, _show, needs=("deep",))
