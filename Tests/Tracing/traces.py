"""A collector, and jobs that are traced: over HTTP, and from the command line. Arguments: the collector's port, the
gateway's URL, the program, and the file with the daemon's log."""

import http.server
import json
import subprocess
import sys
import threading
import time
import urllib.request

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

PORT, GATEWAY, DRAGOMAN, LOG = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

arrived = threading.Condition()
spans = []
resources = []


class Collector(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        assert self.path == "/v1/traces", self.path
        assert self.headers["Content-Type"] == "application/x-protobuf", self.headers
        request = ExportTraceServiceRequest.FromString(self.rfile.read(int(self.headers["Content-Length"])))
        with arrived:
            for resource in request.resource_spans:
                resources.append({each.key: each.value.string_value for each in resource.resource.attributes})
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
            arrived.notify_all()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def of_trace(trace):
    return [span for span in spans if span.trace_id.hex() == trace]


def wait_for(trace, names):
    with arrived:
        found = arrived.wait_for(lambda: names <= {span.name for span in of_trace(trace)}, timeout=120)
        assert found, [(span.name, span.trace_id.hex()) for span in spans]
        return of_trace(trace)


def post(path, body, headers):
    request = urllib.request.Request(
        GATEWAY + path, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


# Before there is a collector: spans are kept until it answers.
first = f"00-{TRACE}-{CALLER}-01"
answer = post("/translate", {"q": "Thank you.", "source": "en", "target": "fr"}, {"traceparent": first})
assert answer["translatedText"], answer
deadline = time.monotonic() + 120
while "spans cannot be sent" not in open(LOG, encoding="utf-8").read():
    assert time.monotonic() < deadline, "that the collector is away is not told"
    time.sleep(0.1)

server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Collector)
threading.Thread(target=server.serve_forever, daemon=True).start()

LIFE = {"job", "accepted", "queued", "translated", "committed"}
wait_for(TRACE, LIFE)
# The gateway follows the feed, and is no consumer.
subprocess.run([DRAGOMAN, "results", "--consumer", "printer"], stdout=subprocess.DEVNULL, timeout=300, check=True)
found = wait_for(TRACE, LIFE | {"delivered"})
(delivered,) = [span for span in found if span.name == "delivered"]
assert delivered.attributes[0].value.string_value == "printer", delivered
(job,) = [span for span in found if span.name == "job"]
assert job.parent_span_id.hex() == CALLER
assert all(span.parent_span_id == job.span_id for span in found if span is not job), found
assert all(span.start_time_unix_nano <= span.end_time_unix_nano for span in found)
assert all(span.start_time_unix_nano >= job.start_time_unix_nano for span in found)
assert abs(job.end_time_unix_nano / 1e9 - time.time()) < 300
assert len({span.span_id for span in found}) == len(found) and all(len(span.span_id) == 8 for span in found)
attributes = {each.key: each.value for each in job.attributes}
assert attributes["dragoman.state"].string_value == "done", attributes
assert attributes["dragoman.model"].string_value == "demo-en-fr", attributes
assert attributes["dragoman.sources"].int_value == 1, attributes
assert job.status.code == 0
assert resources[0]["service.name"] == "dragoman" and resources[0]["service.version"], resources

# What fails says so.
second = "0af7651916cd43dd8448eb211c80319c"
line = json.dumps({"text": "Hello.", "model": "demo-en-fr", "suppress": ["no such token"], "trace": f"00-{second}-{CALLER}-01"})
subprocess.run(
    [DRAGOMAN, "submit", "--wait", "--input-format", "jsonl", "--json"], input=line + "\n", text=True,
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
(job,) = [span for span in wait_for(second, {"job"}) if span.name == "job"]
assert job.status.code == 2 and job.status.message, job
assert not any(b"no such token" in span.SerializeToString() for span in spans)

# What the caller does not record is not recorded here, nor a header that is none.
third = "1af7651916cd43dd8448eb211c80319c"
for header in (f"00-{third}-{CALLER}-00", "nonsense", "0" * 200):
    assert post("/translate", {"q": "Thank you.", "source": "en", "target": "fr"}, {"traceparent": header})
fourth = "2af7651916cd43dd8448eb211c80319c"
post("/translate", {"q": "Good night.", "source": "en", "target": "fr"}, {"traceparent": f"00-{fourth}-{CALLER}-01"})
wait_for(fourth, LIFE)
assert not of_trace(third)
assert not any(b"Good night" in span.SerializeToString() for span in spans)
print(f"{len(spans)} spans")
