"""Reads statements, one a line, and prints what an independent validator has against them; runs in .venv-xapi alone."""

import json
import sys

from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

for number, line in enumerate(sys.stdin, start=1):
    try:
        BaseXapiStatement.model_validate(json.loads(line))
    except ValidationError as why:
        print(f"{number}: {why}")
print("read", number)
