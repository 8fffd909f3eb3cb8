"""What the planner without a model brings along before it has anything to plan."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_planner_is_there_before_the_libraries_that_only_planning_needs() -> None:
    code = "import sys, planners.catalogue.planner, planners.catalogue.earlier; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "False"
