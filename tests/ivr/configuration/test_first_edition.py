"""The first edition says what the support guide says."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.explaining import Question, Status, explain_case, supposed_answer, with_settings
from ivr.explaining_csv import instant
from routing.regions import Entry
from routing.switches import Switches
from tests.ivr.configuration.first_edition import first_edition, with_line
