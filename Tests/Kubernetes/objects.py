"""Checks the objects of a Kubernetes manifest, and writes the program's configuration in it to a file.

    objects.py MANIFEST CONFIGURATION
"""

import sys

import kubernetes_validate
import yaml

# The oldest release that gets fixes, and the newest that is known.
VERSIONS = ["1.31", "1.34"]


def main(manifest, configuration):
    with open(manifest) as file:
        objects = list(yaml.safe_load_all(file))
    for each in objects:
        for version in VERSIONS:
            kubernetes_validate.validate(each, version, strict=True)
    kinds = {(each["kind"], each["metadata"]["name"]): each for each in objects}
    assert len(kinds) == len(objects), "two objects have one name"
    pods = [each for each in objects if each["kind"] in ("StatefulSet", "Deployment")]
    for each in pods:
        labels = each["spec"]["template"]["metadata"]["labels"]
        wanted = each["spec"]["selector"]["matchLabels"]
        assert wanted.items() <= labels.items(), f"{each['metadata']['name']} does not select its own pods"
        for volume in each["spec"]["template"]["spec"]["volumes"]:
            if "configMap" in volume:
                assert ("ConfigMap", volume["configMap"]["name"]) in kinds, volume
    for each in objects:
        if each["kind"] in ("Service", "PodDisruptionBudget"):
            selector = each["spec"]["selector"]
            selector = selector.get("matchLabels", selector)
            chosen = [pod for pod in pods if selector.items() <= pod["spec"]["template"]["metadata"]["labels"].items()]
            assert len(chosen) == 1, f"{each['metadata']['name']} selects {len(chosen)} kinds of pods"
            container = chosen[0]["spec"]["template"]["spec"]["containers"][0]
            known = {port["name"] for port in container["ports"]} | {p["containerPort"] for p in container["ports"]}
            for port in each["spec"].get("ports", []):
                assert port.get("targetPort", port["port"]) in known, port
    scaler = next(each for each in objects if each["kind"] == "HorizontalPodAutoscaler")
    target = scaler["spec"]["scaleTargetRef"]
    assert (target["kind"], target["name"]) in kinds, target
    metric = scaler["spec"]["metrics"][0]["external"]["metric"]["name"]
    with open("docs/OPERATIONS.md") as file:
        assert f"| `{metric}` |" in file.read(), f"there is no metric {metric}"
    text = kinds["ConfigMap", "dragoman"]["data"]["dragoman.yaml"]
    settings = yaml.safe_load(text)
    brokers = kinds["Service", "dragoman-brokers"]
    ports = {str(port["port"]) for port in brokers["spec"]["ports"]}
    for section, key in [("client", "jobs_endpoint"), ("client", "results_endpoint"), ("worker", "work_endpoint")]:
        host, port = settings[section][key].removeprefix("tcp://").split(":")
        assert host == "dragoman-brokers" and port in ports, settings[section][key]
    with open(configuration, "w") as file:
        file.write(text)


main(*sys.argv[1:])
