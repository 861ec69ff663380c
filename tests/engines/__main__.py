"""Finds or fetches what the engines need: `python -m tests.engines`."""

from __future__ import annotations

import sys

from . import needs

if __name__ == "__main__":
    if list(needs.missing()):
        print("Installing Firefox, WebKitGTK and what drives them (a minute or two, once)", flush=True)
        needs.install()
    said = list(needs.missing())
    print("\n".join(said), file=sys.stderr)
    sys.exit(bool(said))
