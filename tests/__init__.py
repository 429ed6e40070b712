"""Tests mirror the package they test. A package, so that tests/expectations does not shadow expectations."""
