"""Fixtures that tests of portable networks share with those of encoders."""

from tests.encoders.conftest import digits, eager  # noqa: F401 - fixtures
