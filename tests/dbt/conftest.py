"""One warehouse for all cases: a dbt call costs more than everything it computes here."""

from __future__ import annotations

import pytest

from pipelines.settings import Home
from tests.dbt.given import Warehouse, build, given_rows


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    return build(Home(tmp_path_factory.mktemp("built")), given_rows())
