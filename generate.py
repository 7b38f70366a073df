"""The front desk's door: ``python generate.py build crps`` is the command ``handouts``."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))  # PYTHONSAFEPATH leaves it out

from handouts.cli import main

if __name__ == "__main__":
    main()
