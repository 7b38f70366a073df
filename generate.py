"""The front desk's door: ``python generate.py build crps`` is the command ``handouts``."""

from handouts.cli import main

if __name__ == "__main__":
    main()
