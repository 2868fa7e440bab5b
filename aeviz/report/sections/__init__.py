"""Sections of the report, one per file; see `aeviz.report.sections.base`."""
