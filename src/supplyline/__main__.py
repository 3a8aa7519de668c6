"""Run the command line as ``python -m supplyline``."""

from supplyline.cli import app

if __name__ == "__main__":
    app()
