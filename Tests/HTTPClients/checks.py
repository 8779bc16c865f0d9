"""What the tests of clients have in common: each check is counted, and the first that fails ends the run."""

import sys
import time

count = 0


def check(found, expected):
    global count
    count += 1
    if found != expected:
        sys.exit(f"check {count}: expected {expected!r}, found {found!r}")


def raises(exception, call):
    try:
        call()
    except exception as error:
        check(True, True)
        return error
    sys.exit(f"after check {count}: expected {exception.__name__}")


def eventually(holds, what):
    """What a signal has another process do takes a moment."""
    end = time.monotonic() + 60
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"after check {count}: expected {what}")
        time.sleep(0.05)
    check(True, True)
