"""What the suites in Python share: a list of checks, and a line for each of them when they are run."""

import traceback

CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def run_checks(suite):
    """Runs all of them, prints a line per check, and returns the exit status."""
    failures = 0
    for function in CHECKS:
        name = suite + "/" + function.__name__.replace("_", "-")
        try:
            function()
            print("ok", name, flush=True)
        except Exception as error:  # A check may fail in any way; the others still run.
            failures += 1
            traceback.print_exc()
            line = traceback.extract_tb(error.__traceback__)[-1]
            reason = f"{type(error).__name__}: {error} at line {line.lineno}: {line.line}"
            print("FAIL", name, " ".join(reason.split())[:600], flush=True)
    return 1 if failures else 0
