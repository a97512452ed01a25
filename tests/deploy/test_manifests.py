"""The manifests against their schemas, and against each other: they must agree."""

import copy
import ipaddress
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator, ValidationError

from cnnviz.ui.server.rooms.rooms import VARIABLE
from scripts.server import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CLUSTER = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
KUSTOMIZATION = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())
NGINX = (DEPLOY / "nginx" / "nginx.conf").read_text()
REPLICAS = re.findall(r"^upstream (app-\d+) ", (DEPLOY / "nginx/replicas.conf").read_text(), re.M)
SCHEMAS = json.loads(Path(__file__).with_name("kubernetes.json").read_text())


def check(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def schema_of(part):
    """Return the validator for a part of the cluster: see scripts/kubernetes_schema.py."""
    kind = SCHEMAS["kinds"][f"{part['apiVersion']} {part['kind']}"]
    return Draft202012Validator({"$ref": kind, "$defs": SCHEMAS["$defs"]})


def parts(kind):
    return {part["metadata"]["name"]: part for part in CLUSTER if part["kind"] == kind}


def pods():
    """Return the template of each pod by the name of its controller."""
    both = {**parts("StatefulSet"), **parts("Deployment")}
    return {name: part["spec"]["template"] for name, part in both.items()}


def test_compose_keeps_to_its_schema():
    done = check("vendor.compose-spec", DEPLOY / "compose.yaml")
    assert done.returncode == 0, done.stdout


def test_a_wrong_word_in_compose_is_found(tmp_path):
    wrong = copy.deepcopy(COMPOSE)
    wrong["services"]["proxy"]["restarts"] = "always"
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump(wrong))
    assert "restarts" in check("vendor.compose-spec", tmp_path / "compose.yaml").stdout


@pytest.mark.parametrize(
    "part", CLUSTER, ids=lambda part: f"{part['kind']} {part['metadata']['name']}"
)
def test_each_part_of_the_cluster_keeps_to_its_schema(part):
    schema_of(part).validate(part)


@pytest.mark.parametrize(
    "wrong",
    [
        {"replica": 2},
        {"replicas": "two"},
        {"template": {"spec": {"containers": [{"imag": "cnnviz"}]}}},
    ],
)
def test_a_wrong_word_in_the_cluster_is_found(wrong):
    app = copy.deepcopy(parts("StatefulSet")["app"])
    app["spec"].update(wrong)
    with pytest.raises(ValidationError):
        schema_of(app).validate(app)


def test_every_file_names_the_same_replicas():
    apps = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
    assert list(apps) == REPLICAS
    assert set(COMPOSE["services"]) == {*REPLICAS, "rooms", "proxy"}
    assert list(COMPOSE["services"]["proxy"]["depends_on"]) == REPLICAS
    for name, service in apps.items():
        assert service["environment"]["CNNVIZ_REPLICA"] == name
    spec = parts("StatefulSet")["app"]["spec"]
    first = spec["ordinals"]["start"]
    assert [f"app-{first + i}" for i in range(spec["replicas"])] == REPLICAS
    for name in REPLICAS:
        selector = parts("Service")[name]["spec"]["selector"]
        assert selector == {"statefulset.kubernetes.io/pod-name": name}


def test_every_service_has_an_address_of_its_own():
    (config,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    services = COMPOSE["services"].values()
    addresses = [service["networks"]["inside"]["ipv4_address"] for service in services]
    assert len(set(addresses)) == len(addresses)
    network = ipaddress.ip_network(config["subnet"])
    assert all(ipaddress.ip_address(address) in network for address in addresses)


def test_the_proxy_gets_every_file_it_includes():
    (generator,) = KUSTOMIZATION["configMapGenerator"]
    files = {name.partition("/")[2] for name in generator["files"]}
    assert files == {path.name for path in (DEPLOY / "nginx").iterdir()}
    assert set(re.findall(r"include (\S+);", NGINX)) == files - {"nginx.conf"}
    assert all((DEPLOY / name).is_file() for name in KUSTOMIZATION["resources"])
    volumes = pods()["proxy"]["spec"]["volumes"]
    assert {"name": "nginx", "configMap": {"name": generator["name"]}} in volumes


def test_the_ports_are_those_of_the_image_and_of_nginx():
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    ports = {"app": ("http", 8501), "proxy": ("http", 8080), "rooms": ("redis", 6379)}
    assert "\nEXPOSE 8501\n" in dockerfile
    assert "listen 8080;" in NGINX
    assert COMPOSE["services"]["proxy"]["ports"] == ["80:8080"]
    for name, pod in pods().items():
        (container,) = pod["spec"]["containers"]
        said, number = ports[name]
        assert container["ports"] == [{"name": said, "containerPort": number}]


def test_no_process_has_rights_or_may_write():
    for service in COMPOSE["services"].values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    for pod in pods().values():
        (container,) = pod["spec"]["containers"]
        assert pod["spec"]["securityContext"]["runAsNonRoot"]
        assert container["securityContext"] == {
            "readOnlyRootFilesystem": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        }


def test_nothing_leaves_the_pods_of_the_app_but_for_the_rooms():
    labels = {name: pod["metadata"]["labels"] for name, pod in pods().items()}
    policies = {name: policy["spec"] for name, policy in parts("NetworkPolicy").items()}
    for name in ("app", "rooms"):
        assert policies[name]["podSelector"]["matchLabels"] == labels[name]
        assert "Egress" in policies[name]["policyTypes"]
    rooms, app = ({"podSelector": {"matchLabels": labels[name]}} for name in ("rooms", "app"))
    redis = [{"port": "redis"}]
    assert policies["app"]["egress"] == [{"to": [rooms], "ports": redis}]
    assert policies["rooms"]["ingress"] == [{"from": [app], "ports": redis}]
    assert "egress" not in policies["rooms"]


def test_all_replicas_share_their_rooms():
    for name in REPLICAS:
        assert COMPOSE["services"][name]["environment"][VARIABLE] == "redis://rooms:6379"
    (container,) = pods()["app"]["spec"]["containers"]
    told = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert told[VARIABLE] == "redis://$(ROOMS_SERVICE_HOST):6379"
    assert parts("Service")["rooms"]["spec"]["ports"] == [{"port": 6379, "targetPort": "redis"}]
    (kept,) = pods()["rooms"]["spec"]["containers"]
    service = COMPOSE["services"]["rooms"]
    assert (kept["image"], kept["command"]) == (service["image"], service["command"])
    assert "--save  --appendonly no" in " ".join(kept["command"])  # writes nothing to disk
