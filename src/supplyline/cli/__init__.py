"""The command line: one verb per public function.

Results go to standard output; progress and errors to standard error. What the caller
did wrong ends with exit code 2 and no traceback; a fault of ours with 1.
"""

from supplyline.cli.verbs import app

__all__ = ["app"]
