"""Health check of a container: does the API server say that this component is alive?

``healthy.py COMPONENT [URL]`` with COMPONENT one of metadatabase, scheduler, dag_processor. Exits 0 when it
is healthy, else 1 with the reason. Asking the API server costs a few milliseconds; ``airflow jobs check``
would import all of Airflow every time.
"""

from __future__ import annotations

import json
import sys
from urllib.request import urlopen

DEFAULT_URL = "http://api-server:8080/api/v2/monitor/health"


def fault(component: str, url: str) -> str | None:
    """Why ``component`` is not healthy; None when it is."""
    try:
        with urlopen(url, timeout=8) as answer:  # noqa: S310 - the address is our own, from docker-compose.yml
            health = json.load(answer)
    except (OSError, ValueError) as error:
        return f"{url} does not answer: {error}"
    status = health.get(component, {}).get("status")
    return None if status == "healthy" else f"{component} is {status}"


if __name__ == "__main__":
    reason = fault(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else DEFAULT_URL)
    sys.exit(reason)
