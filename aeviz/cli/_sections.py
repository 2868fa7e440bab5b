"""Say under which titles help shows the options of `aeviz.settings`."""

from aeviz.settings import PreparationOptions, ReadingOptions, ReportOptions, TrainingOptions

__all__ = ["COMPUTING", "OUTPUT", "Group", "section_of"]

Group = (
    type[ReadingOptions] | type[PreparationOptions] | type[TrainingOptions] | type[ReportOptions]
)

OUTPUT, COMPUTING = "Output", "What to compute"
_SECTIONS = {
    OUTPUT: ("out", "title"),
    "Columns of a table": (
        *("label", "labels", "columns", "drop", "id", "category", "number"),
        *("split", "group", "batch", "max_categories"),
    ),
    "How a text table is written": (
        *("header", "delimiter", "decimal", "thousands", "quote", "na"),
    ),
    "Arrays, images and files of several data sets": (
        *("key", "label_key", "kind", "transpose", "image_size"),
    ),
    "Missing values and scaling": ("on_missing",),
}
# Where an option of none of them stands.
_OF_GROUP = {
    ReportOptions: COMPUTING,
    TrainingOptions: "Training of networks",
    PreparationOptions: "Missing values and scaling",
    ReadingOptions: "Samples",
}


def section_of(group: Group, name: str) -> str:
    """Return the title of an option of a group."""
    titles = [title for title, names in _SECTIONS.items() if name in names]
    return titles[0] if titles else _OF_GROUP[group]
