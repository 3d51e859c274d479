"""Starts a server, and runs the compiled client. usage: story.py PROGRAM STORY.js"""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../stranger"))
from stage import Stage  # noqa: E402


def main():
    with Stage(sys.argv[1], delivers=True) as stage:
        done = subprocess.run(["node", sys.argv[2], stage.url, stage.key["api_key"]], capture_output=True, text=True, timeout=120)
    print((done.stdout + done.stderr).strip())
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
