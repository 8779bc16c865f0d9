"""What a page of another origin can do to a gateway without keys, whose address is the argument: not touch its jobs."""

import http.server
import json
import sys
import threading
import urllib.request

import browser
from browser import Browser, check

URL = sys.argv[1]


class Empty(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><link rel='icon' href='data:,'><title>Foreign</title>")

    def log_message(self, *arguments):
        pass


def ask(path, value=None):
    data = None if value is None else json.dumps(value).encode()
    request = urllib.request.Request(URL + path, data, {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))


def dead():
    return [job["job_id"] for job in ask("/v1/dead")["jobs"]]


job = ask("/v1/jobs", {"text": "Hello.", "model": "demo-en-fr", "force_first_token": "nonesuch"})["job_id"]
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
threading.Thread(target=server.serve_forever, daemon=True).start()
other = f"http://127.0.0.1:{server.server_port}"

page = Browser(other)
try:
    page.open("/")
    page.eventually(lambda: job in dead(), "a dead job")
    ids = json.dumps(json.dumps({"job_ids": [job]}))
    for verb in ["drop", "retry"]:
        # Asked for first, and not allowed; sent without asking, as a form or a beacon would be, and refused.
        for options in [
            'headers: { "Content-Type": "application/json" }',
            'mode: "no-cors", headers: { "Content-Type": "text/plain" }',
            'mode: "no-cors"',
        ]:
            page.run(f'await fetch("{URL}/v1/dead/{verb}", {{ method: "POST", body: {ids}, {options} }}).catch(() => 0);')
        page.run(f"""
            const form = Object.assign(document.createElement("form"),
                {{ method: "post", enctype: "text/plain", action: "{URL}/v1/dead/{verb}", target: "frame" }});
            const frame = Object.assign(document.createElement("iframe"), {{ name: "frame" }});
            const field = Object.assign(document.createElement("input"), {{ name: '{{"job_ids": ["{job}"], "a": "', value: '"}}' }});
            form.append(field);
            document.body.append(frame, form);
            const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
            form.submit();
            await loaded;
            frame.remove();
            form.remove();""")
        check(job in dead(), True, f"that the job is still there after {verb}")
    # Nor can it read anything, or show the page within itself.
    for path in ["/v1/dead", "/v1/status", "/v1/status/events"]:
        check(page.run(f'return fetch("{URL}{path}").then(() => "read", () => "refused")'), "refused", path)
    check(page.run(f"""
        const frame = Object.assign(document.createElement("iframe"), {{ src: "{URL}/operate" }});
        const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
        document.body.append(frame);
        await loaded;
        return frame.contentDocument === null;"""), True, "that the page is not shown in a frame")
    shown = [line["message"] for line in page.driver.get_log("browser") if "frame-ancestors" in line["message"]]
    check(len(shown) > 0, True, "that the policy keeps it out of frames")
finally:
    page.driver.quit()
    server.shutdown()
check(ask("/v1/dead/drop", {"job_ids": [job]}), {"jobs": [{"job_id": job}]}, "what the same request does otherwise")
print(f"a foreign page: {browser.count} checks")
