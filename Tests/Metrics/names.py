"""Whether alerts, dashboard and documentation name the metrics that there are.

    names.py PAGE...: what the daemons have shown

Prints what differs, and ends with 1 if anything does.
"""

import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAME = re.compile(r"\b(?:dragoman|process)_[a-z0-9_]+")


def exposed(pages):
    """The names of series, without their labels."""
    names = set()
    for page in pages:
        for line in pathlib.Path(page).read_text().splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split()
                names |= {name + end for end in ("_bucket", "_sum", "_count")} if kind == "histogram" else {name}
    return names


def families(names):
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in names}


def expressions(value):
    """Everything that a dashboard asks Prometheus for."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in ("expr", "query") and isinstance(part, str):
                yield part
            else:
                yield from expressions(part)
    elif isinstance(value, list):
        for part in value:
            yield from expressions(part)


def named(text):
    return set(NAME.findall(text))


def main():
    there = exposed(sys.argv[1:])
    rules = (ROOT / "Config/prometheus-rules.yml").read_text()
    alerts = set(re.findall(r"alert: (\w+)", rules))
    dashboard = json.loads((ROOT / "Config/grafana-dashboard.json").read_text())
    tests = (ROOT / "Tests/Metrics/rules.yml").read_text()
    operations = (ROOT / "docs/OPERATIONS.md").read_text()
    documented = set(re.findall(r"^\| `((?:dragoman|process)_\w+)", operations, re.MULTILINE))
    problems = []

    def compare(what, missing):
        if missing:
            problems.append(f"{what}: {', '.join(sorted(missing))}")

    asked = named(" ".join(expressions(dashboard)))
    if not there or not alerts or len(asked) < 20:
        sys.exit("too little was found: is this the right place?")
    compare("alerts name what no daemon shows", named(" ".join(re.findall(r"(?:expr:| {10})(.*)", rules))) - there)
    compare("the dashboard names what no daemon shows", asked - there)
    compare("docs/OPERATIONS.md lists what no daemon shows", documented - families(there))
    compare("docs/OPERATIONS.md does not list", families(there) - documented)
    compare("no test of rules has", alerts - set(re.findall(r"alertname: (\w+)", tests)))
    compare("docs/OPERATIONS.md does not explain", {alert for alert in alerts if f"`{alert}`" not in operations})
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


main()
