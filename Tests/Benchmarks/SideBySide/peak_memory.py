"""Runs a command and prints, after what it prints, {"peak_mb": its largest resident set}.

A process of its own, because what is known of a child begins with the memory of the process that starts it: that must
be small, as this one is.
"""
import json
import os
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(json.dumps({"peak_mb": usage.ru_maxrss * 1024 / 1e6}))
sys.exit(os.waitstatus_to_exitcode(status))
