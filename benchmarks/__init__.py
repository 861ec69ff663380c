"""The course's figures, each beside a named peer or limit of the same run: `python -m benchmarks [SUBJECT …]`."""
