"""Says what botocore makes of shared configuration files.

Reads a JSON list of cases from stdin, each with the text of a `config` and a `credentials` file, environment
variables and perhaps a profile named by the program, and writes a JSON list of what botocore resolved, or of the name
of the error that it raised.
"""

import json
import os
import sys
import tempfile

from botocore.configprovider import ConfiguredEndpointProvider
from botocore.session import Session


def resolve(profile):
    """The settings of a new session in this process's environment."""
    session = Session(profile=profile)
    scoped = session.get_scoped_config()
    keys = session.get_credentials()
    ignored = session.get_config_variable("ignore_configured_endpoint_urls")
    endpoints = ConfiguredEndpointProvider(session.full_config, scoped, "s3", os.environ)
    s3 = scoped.get("s3")
    return {
        "accessKeyID": keys and keys.access_key,
        "secretAccessKey": keys and keys.secret_key,
        "sessionToken": (keys and keys.token) or None,
        "region": session.get_config_variable("region"),
        "endpoint": None if ignored else endpoints.provide(),
        "caBundle": session.get_config_variable("ca_bundle"),
        "addressing": s3.get("addressing_style") if isinstance(s3, dict) else None,
    }


def run(case, folder):
    """One case in an environment that holds nothing else."""
    for name in ("config", "credentials"):
        with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
            file.write(case[name])
    os.environ.clear()
    os.environ.update(
        HOME=folder,
        AWS_CONFIG_FILE=os.path.join(folder, "config"),
        AWS_SHARED_CREDENTIALS_FILE=os.path.join(folder, "credentials"),
        AWS_EC2_METADATA_DISABLED="true",
        **case["environment"],
    )
    try:
        return {"settings": resolve(case.get("profile"))}
    except Exception as error:
        return {"error": type(error).__name__}


def main():
    """Answers all cases."""
    with tempfile.TemporaryDirectory() as folder:
        json.dump([run(case, folder) for case in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
