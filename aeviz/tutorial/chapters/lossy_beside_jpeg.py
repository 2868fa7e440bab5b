"""Test whether an autoencoder is lossy, and no match for JPEG: bits against quality."""

from typing import Any

import numpy as np

from aeviz.page.content import Figure, SectionContent, Split, Table, Text
from aeviz.page.wording import fixed, number
from aeviz.plots.line_charts import Line
from aeviz.tutorial._blocks import Finding, finding, line_chart, table, verdicts
from aeviz.tutorial._experiments import fitted, reconstructed, squared_errors
from aeviz.tutorial._rate_distortion import (
    Point,
    blank_bytes,
    cheapest_at,
    frontier,
    grey_levels,
    in_files,
    in_one_file,
    psnr,
    rate_distortion,
)
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

STEPS = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0)
PCA_SIZES = (8, 16, 32, 64, 128)
QUALITIES = (1, 2, 5, 10, 20, 35, 50, 75, 90, 95)
JPEG, PNG = {"format": "JPEG", "optimize": True}, {"format": "PNG", "optimize": True}
BITS_PER_WEIGHT = 32.0
# What a coarser step may lose of the best quality, in dB, and still count as the same.
SAME_QUALITY = 0.1


def _measure(workshop: Workshop) -> Results:
    from aeviz.encoders.pca import PCAEncoder

    ours, X, X_test = workshop.ours("deep"), workshop.X, workshop.X_test
    images = grey_levels(X_test)
    workshop.update(0, 3, "rounding the autoencoder's codes")
    given_back = reconstructed(ours, X_test)
    numbers: dict[str, Any] = {
        "n_images": len(images),
        "n_pixels": X_test.shape[1],
        "code_size": int(ours.code_size_),
        "n_exact": int(np.all(grey_levels(given_back) == images, axis=(1, 2)).sum()),
        "best_psnr": psnr(float(squared_errors(X_test, given_back).mean())),
        "deep": rate_distortion(ours, ours.transform(X), X_test, steps=STEPS),
        "deep_weights": int(ours.decoder_.count_params()),
        "pca": {},
    }
    workshop.update(1, 3, "rounding PCA's codes")
    for size in PCA_SIZES:
        if size <= min(X.shape):
            made = fitted(PCAEncoder(size, random_state=workshop.seed), X)
            curve = rate_distortion(made.encoder, made.code, X_test, steps=STEPS)
            numbers["pca"][str(size)] = curve
    workshop.update(2, 3, "JPEG and PNG")
    for name, saved in (("jpeg_files", in_files), ("jpeg_one", in_one_file)):
        numbers[name] = [{"quality": q, **saved(images, quality=q, **JPEG)} for q in QUALITIES]
    numbers["png_files"], numbers["png_one"] = in_files(images, **PNG), in_one_file(images, **PNG)
    numbers["jpeg_blank_bytes"] = blank_bytes(quality=QUALITIES[0], **JPEG)
    return Results(numbers)


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
    how = (
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
    # The autoencoder's cheapest point of, as good as, its best quality.
    best = max(point["psnr"] for point in numbers["deep"])
    good = [point for point in numbers["deep"] if point["psnr"] >= best - SAME_QUALITY]
    ours = min(good, key=lambda point: point["bits"])
    question = "Is an autoencoder lossy, and no match for JPEG?"
    answer = verdicts(question, _findings(numbers, ours), _answer(numbers, ours))
    return SectionContent(
        summary, [Split([answer], [_figure(numbers)]), _table(numbers), Text([how])]
    )


def _shared_out(numbers: dict[str, Any], n_weights: int) -> float:
    """Return the size of so many weights in bits per pixel of the test images."""
    return BITS_PER_WEIGHT * n_weights / (numbers["n_images"] * numbers["n_pixels"])


def _findings(numbers: dict[str, Any], ours: Point) -> list[Finding]:
    exact, n = numbers["n_exact"], numbers["n_images"]
    lossy = (
        f"{exact:,} of {n:,} images are reconstructed exactly, from unrounded numbers too; PNG "
        f"keeps all for {_bits(numbers['png_one']['bits'])}"
    )
    found = [finding(exact < n, "Lossy:", lossy)]
    with_model = ours["bits"] + _shared_out(numbers, numbers["deep_weights"])
    shared = f"With the decoder's weights shared out over {n:,} images:"
    for subject, bits, name, where in (
        ("Against JPEG, all images in one mosaic:", ours["bits"], "jpeg_one", ""),
        ("Against JPEG, one file per image:", ours["bits"], "jpeg_files", ""),
        (shared, with_model, "jpeg_one", " in one mosaic"),
    ):
        holds, told = _against(numbers[name], bits, ours["psnr"])
        amount = f"at {fixed(ours['psnr'], 1)} dB, {_bits(bits)}; JPEG{where} {told}"
        found.append(finding(holds, subject, amount))
    highest = max(point["psnr"] for point in numbers["jpeg_one"])
    goes_on = highest > numbers["best_psnr"]
    above = f"JPEG ends at {fixed(highest, 1)} dB, before the autoencoder"
    if goes_on:
        above = f"the autoencoder has no more to give; JPEG goes on to {fixed(highest, 1)} dB"
    return [*found, finding(goes_on, f"Above {fixed(numbers['best_psnr'], 1)} dB:", above)]


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


def _answer(numbers: dict[str, Any], ours: Point) -> str:
    holds, against = _against(numbers["jpeg_one"], ours["bits"], ours["psnr"])
    told = (
        f"It is {'lossy' if numbers['n_exact'] < numbers['n_images'] else 'not lossy here'}. At "
        f"{fixed(ours['psnr'], 1)} dB, its own best quality, it takes {_bits(ours['bits'])} where "
        f"JPEG {against}"
    )
    theirs = cheapest_at(numbers["jpeg_one"], ours["psnr"])
    if holds is False and theirs is not None:
        saved = (theirs - ours["bits"]) * numbers["n_pixels"]
        n_images = int(np.ceil(BITS_PER_WEIGHT * numbers["deep_weights"] / saved))
        told += (
            ": for the one kind of image that it was trained on it is more than a match, once "
            f"{n_images:,} images or more share the decoder's own size"
        )
    at_rate = [p["psnr"] for p in frontier(_all_pca(numbers)) if p["bits"] <= ours["bits"]]
    if not at_rate:
        return f"{told}. No PCA here is as cheap."
    gain = ours["psnr"] - max(at_rate)
    word = "worse" if gain > 0 else "better"
    return f"{told}. PCA of the same bits or fewer is {fixed(abs(gain), 1)} dB {word}."


def _all_pca(numbers: dict[str, Any]) -> list[Point]:
    return [point for curve in numbers["pca"].values() for point in curve]


def _figure(numbers: dict[str, Any]) -> Figure:
    size = str(numbers["code_size"])
    points = {f"autoencoder, {size} numbers": numbers["deep"]}
    if size in numbers["pca"]:
        points[f"PCA, {size} numbers"] = numbers["pca"][size]
    points["PCA, best of its sizes"] = _all_pca(numbers)
    points["JPEG, one mosaic"] = numbers["jpeg_one"]
    points["JPEG, one file per image"] = numbers["jpeg_files"]
    curves = {name: frontier(own) for name, own in points.items()}
    told = "; ".join(
        f"{name}: from {fixed(c[0]['psnr'], 1)} dB at {_bits(c[0]['bits'])} to "
        f"{fixed(c[-1]['psnr'], 1)} dB at {_bits(c[-1]['bits'])}"
        for name, c in curves.items()
    )
    png = numbers["png_one"]["bits"]
    caption = (
        f"Up and to the left is better. PNG, which loses nothing, takes {_bits(png)} in one mosaic "
        f"and {_bits(numbers['png_files']['bits'])} in one file per image."
    )
    within = [point["psnr"] for point in numbers["jpeg_one"] if point["bits"] <= png]
    if within:
        best = fixed(max(within), 1)
        caption += f" JPEG of no more bits than PNG in one mosaic gets to {best} dB."
    series = {
        name: Line(np.array([p["bits"] for p in c]), np.array([p["psnr"] for p in c]))
        for name, c in curves.items()
    }
    return line_chart(
        "claim_jpeg_curves",
        series,
        f"{told}.",
        caption=caption,
        title="Bits against quality",
        height_px=400,
        xlabel="bits per pixel",
        ylabel="PSNR, dB",
        log_base=10,
    )


def _table(numbers: dict[str, Any]) -> Table:
    model = _shared_out(numbers, numbers["deep_weights"])
    rows = [
        _row(f"Autoencoder, {numbers['code_size']} numbers", f"step {p['step']:g}", p, model)
        for p in numbers["deep"]
    ]
    for n, curve in numbers["pca"].items():
        own = _shared_out(numbers, (int(n) + 1) * numbers["n_pixels"])
        rows += [_row(f"PCA, {n} numbers", f"step {p['step']:g}", p, own) for p in curve[1:2]]
    layouts = {"one": "one mosaic", "files": "one file per image"}
    for name, layout in layouts.items():
        points = numbers[f"jpeg_{name}"][::3]
        rows += [_row(f"JPEG, {layout}", f"quality {p['quality']}", p) for p in points]
    for name, layout in layouts.items():
        point = {**numbers[f"png_{name}"], "psnr": np.inf}
        rows.append(_row(f"PNG, {layout}", "lossless", point))
    caption = (
        f"Bits are of each of the {numbers['n_pixels']} pixels of an image. The size of a model is "
        f"that of its decoder's weights at {BITS_PER_WEIGHT / 8:g} bytes each, shared out over "
        f"{numbers['n_images']:,} images; it is paid once, however many images there are. Some of "
        "the settings measured are left out."
    )
    columns = ("", "Setting", "Bits per pixel", "PSNR, dB", "Size of the model, bits per pixel")
    return table(columns, rows, caption, title="Settings")


def _row(name: str, setting: str, point: Point, model: float | None = None) -> list[str]:
    quality = "exact" if np.isinf(point["psnr"]) else fixed(point["psnr"], 2)
    size = "–" if model is None else fixed(model, 3)
    return [name, setting, fixed(point["bits"], 3), quality, size]


def _bits(bits: float) -> str:
    return f"{number(bits)} bits per pixel"


CHAPTER = Chapter("It is lossy and no match for JPEG", 130, _measure, _show, needs=("deep",))
