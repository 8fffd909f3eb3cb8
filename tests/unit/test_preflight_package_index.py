"""Which package index is asked, by what uv and pip are told on a machine."""

import os
from pathlib import Path

from tools.preflight.package_index import UVS_OWN, package_index


def told(home: Path, **environment: str) -> str:
    return package_index({"HOME": str(home), "PIP_CONFIG_FILE": str(home / "pip.conf"), **environment})


def test_what_uv_is_told_comes_before_what_pip_is_told(tmp_path):
    assert told(tmp_path, UV_DEFAULT_INDEX="http://127.0.0.1:1/uv", PIP_INDEX_URL="http://127.0.0.1:1/pip").endswith(
        "/uv"
    )
    assert told(tmp_path, PIP_INDEX_URL="http://127.0.0.1:1/pip").endswith("/pip")


def test_pips_file_counts_where_no_variable_does(tmp_path):
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = http://127.0.0.1:1/file\n")
    assert told(tmp_path) == "http://127.0.0.1:1/file"
    assert told(tmp_path, UV_INDEX_URL="http://127.0.0.1:1/uv").endswith("/uv")


def test_a_file_that_pip_could_not_read_names_nothing(tmp_path):
    (tmp_path / "pip.conf").write_text("index-url without a section")
    assert told(tmp_path) == UVS_OWN


def test_where_nobody_says_anything_uv_asks_its_own(tmp_path):
    assert package_index({"HOME": str(tmp_path), "PIP_CONFIG_FILE": os.devnull}) == UVS_OWN
