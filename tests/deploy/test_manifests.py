"""The manifests against their schemas, and against each other: what one file says, all say."""

import copy
import ipaddress
import re
import subprocess
import sys

import kubernetes_validate
import pytest
import yaml

from scripts.server import ROOT

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
CLUSTER = list(yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text()))
KUSTOMIZATION = yaml.safe_load((DEPLOY / "kustomization.yaml").read_text())
NGINX = (DEPLOY / "nginx" / "nginx.conf").read_text()
REPLICAS = re.findall(r"^upstream (app-\d+) ", (DEPLOY / "nginx/replicas.conf").read_text(), re.M)
VERSION = "1.31"  # the oldest in which the numbers of a StatefulSet may begin with 1


def check(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def parts(kind):
    return {part["metadata"]["name"]: part for part in CLUSTER if part["kind"] == kind}


def pods():
    """Return the template of each pod by the name of what makes it."""
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
    kubernetes_validate.validate(part, VERSION, strict=True)


@pytest.mark.parametrize("wrong", [{"replica": 2}, {"replicas": "two"}])
def test_a_wrong_word_in_the_cluster_is_found(wrong):
    app = copy.deepcopy(parts("StatefulSet")["app"])
    app["spec"].update(wrong)
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(app, VERSION, strict=True)


def test_every_file_names_the_same_replicas():
    apps = {name: service for name, service in COMPOSE["services"].items() if name != "proxy"}
    assert list(apps) == REPLICAS
    assert list(COMPOSE["services"]["proxy"]["depends_on"]) == REPLICAS
    for name, service in apps.items():
        assert service["environment"] == {"CNNVIZ_REPLICA": name}
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
    ports = {"app": 8501, "proxy": 8080}
    assert "\nEXPOSE 8501\n" in dockerfile
    assert "listen 8080;" in NGINX
    assert COMPOSE["services"]["proxy"]["ports"] == ["80:8080"]
    for name, pod in pods().items():
        (container,) = pod["spec"]["containers"]
        assert container["ports"] == [{"name": "http", "containerPort": ports[name]}]


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


def test_nothing_leaves_the_pods_of_the_app():
    policy = parts("NetworkPolicy")["app"]["spec"]
    assert policy["podSelector"]["matchLabels"] == pods()["app"]["metadata"]["labels"]
    assert "Egress" in policy["policyTypes"]
    assert "egress" not in policy
