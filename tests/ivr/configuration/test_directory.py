"""A configuration goes into a directory and comes out of it byte for byte."""

from pathlib import Path

import pytest

from callflows.problems import ConfigurationProblems
from ivr.configuration.directory import LINE_FILE, read_directory, write_directory
from tests.ivr.configuration.first_edition import FILES


def test_what_is_written_is_read_again_line_ends_and_all(tmp_path: Path) -> None:
    files = {**FILES, LINE_FILE: FILES[LINE_FILE].replace("\n", "\r\n") + "# ünïcode, no end"}
    write_directory(tmp_path / "new", files)

    assert read_directory(tmp_path / "new") == files


def test_a_directory_without_flows_goes_with_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / LINE_FILE).write_text("flow: support\n")

    assert read_directory(tmp_path).keys() == FILES.keys()


def test_a_missing_file_and_one_that_is_not_utf8_are_named(tmp_path: Path) -> None:
    flow = tmp_path / "callflows" / "flows" / "support.yaml"
    flow.parent.mkdir(parents=True)
    flow.write_bytes(b"start: x\nnodes: \xff\n")
    with pytest.raises(ConfigurationProblems) as refused:
        read_directory(tmp_path)

    places = [(problem.file, problem.line) for problem in refused.value.problems]
    assert places == [("callflows/flows/support.yaml", 2), (LINE_FILE, 1)]
