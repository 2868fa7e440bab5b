"""Options for reading a data set."""

from dataclasses import dataclass, field

from aeviz.settings._option import NAMES, PARTED, Options, option

__all__ = ["ReadingOptions"]


@dataclass(frozen=True, kw_only=True)
class ReadingOptions(Options):
    """Options for reading a data set.

    Parameters
    ----------
    source : str
        Name of a bundled data set, or a path.
    seed : int, at least 0, default 0
        Seed of everything random.
    labels, on_missing, data_dir
        As in `aeviz.load_dataset`, but `labels` is a path.
    image_size : int or None
        Height and width of the images of a folder, in pixels.
    sample, label, columns, drop and the others
        As in `aeviz.data.formats.base.ReadOptions`, but `sample` is at least 10.

    Raises
    ------
    SettingError
        On construction, if a value is not accepted.
    """

    source: str = field(default="", metadata={"help": "A bundled name or a path."})
    sample: int | None = option("Use N samples only, stratified by class.", low=10, metavar="N")
    seed: int = option("Seed of everything random.", default=0, low=0)
    label: tuple[str, ...] = option(
        "Column that holds labels; with commas between several: the first is scored, the others "
        "are there to colour by.",
        metavar="A,B,...",
        **NAMES,
    )
    labels: str | None = option(
        "File with the labels, .npy or a table, matched by ids where both have them.",
        option="--labels-file",
        metavar="FILE",
    )
    columns: tuple[str, ...] = option(
        "Columns of a table to use as features, with commas between them; text and dates too.  "
        "[default: all that can be]",
        **PARTED,
    )
    drop: tuple[str, ...] = option(
        "Columns of a table to leave out, with commas between them.",
        **PARTED,
    )
    id: str | None = option("Column that names each sample; no feature.", metavar="COLUMN")
    category: tuple[str, ...] = option(
        "Columns that hold categories, also where they are numbers.", **PARTED
    )
    number: tuple[str, ...] = option(
        "Columns that hold numbers, also where they look like ids or codes.", **PARTED
    )
    split: str | None = option(
        "Column that says which samples are for training and which for testing.", metavar="COLUMN"
    )
    group: str | None = option(
        "Column of groups, such as patients; the samples of a group stay together in the split.",
        metavar="COLUMN",
    )
    batch: str | None = option(
        "Column of batches, such as devices or days; no feature, shown and scored for mixing.",
        metavar="COLUMN",
    )
    header: str | None = option(
        "Line of a text table that holds the names of the columns, from 1, or none.  "
        "[default: detected]",
        metavar="LINE",
    )
    delimiter: str | None = option(
        "What stands between the values of a text table: comma, semicolon, tab, bar, blank or a "
        "character.  [default: detected]",
        metavar="MARK",
    )
    decimal: str | None = option(
        "Decimal mark of a text table: point or comma.  [default: detected]", metavar="MARK"
    )
    thousands: str | None = option(
        "Mark between thousands: point, comma, blank, apostrophe or none.  [default: detected]",
        metavar="MARK",
    )
    quote: str | None = option(
        "Character around text values, or none.  [default: detected]", metavar="MARK"
    )
    na: tuple[str, ...] = option(
        "Further spellings of a missing value, with commas between them.", **PARTED
    )
    key: str | None = option(
        "Data set inside a file of several: HDF5, .h5ad, .npz, .mat, a sheet of .xlsx.",
        metavar="NAME",
    )
    label_key: str | None = option(
        "Data set inside the same file that holds the labels; none leaves labels out.",
        metavar="NAME",
    )
    kind: str | None = option(
        "What an array of three dimensions holds.  [default: by its shape]",
        option="--as",
        choices=("images", "series", "table"),
    )
    transpose: bool = option(
        "Take the rows of the source as features and its columns as samples.", default=False
    )
    max_categories: int | None = option(
        "Most values of a column of text that become a feature each.  [default: 20]",
        low=1,
        metavar="N",
    )
    image_size: int | None = option(
        "Size of the images of a folder, in pixels.  [default: the first one's, at most 64]",
        low=1,
        metavar="N",
    )
    on_missing: str = option(
        "What to do about missing or infinite values: use the median, or the most frequent value, "
        "of the training samples; leave their rows out; or stop.",
        default="impute",
        choices=("impute", "drop", "error"),
    )
    data_dir: str | None = option("Folder to look for bundled data sets in.", metavar="DIR")
