"""A server that takes OpenTelemetry metrics over HTTP, as Prometheus does, and keeps what it was told."""

from __future__ import annotations

import gzip
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

PATH = "/api/v1/otlp/v1/metrics"


class MetricsTaker:
    """``told`` are the attributes of every point, by the name of its metric."""

    def __init__(self) -> None:
        self.told: dict[str, list[dict[str, str]]] = {}
        taker = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                if self.path == PATH:
                    taker.take(body)
                self.send_response(200 if self.path == PATH else 404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}{PATH}"

    def __enter__(self) -> MetricsTaker:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def take(self, body: bytes) -> None:
        for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    self.told.setdefault(metric.name, []).extend(_attributes(metric))


def _attributes(metric: Metric) -> list[dict[str, str]]:
    points = getattr(metric, metric.WhichOneof("data")).data_points
    return [{pair.key: pair.value.string_value for pair in point.attributes} for point in points]
