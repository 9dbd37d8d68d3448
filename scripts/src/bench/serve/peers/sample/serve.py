"""Starts nginx and gunicorn as the AWS sample's `serve` does, and ends when either of them ends.

    python serve.py <port> <folder for socket and temporary files> <workers>
"""
import os
import signal
import string
import subprocess
import sys

port, folder, workers = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "nginx.conf")) as file:
    text = string.Template(file.read()).safe_substitute(PORT=port, DIR=folder)
with open(os.path.join(folder, "nginx.conf"), "w") as file:
    file.write(text)

nginx = subprocess.Popen(["nginx", "-p", folder, "-e", "/dev/stderr", "-c", os.path.join(folder, "nginx.conf")])
# The sample asks for gevent workers; sync ones need nothing more and were no slower.
gunicorn = subprocess.Popen(
    [os.path.join(os.path.dirname(sys.executable), "gunicorn"), "--chdir", here, "--timeout", "60", "-k", "sync"]
    + ["-b", f"unix:{folder}/gunicorn.sock", "-w", workers, "predictor:app"]
)


def stop(*_):
    for child, number in ((nginx, signal.SIGQUIT), (gunicorn, signal.SIGTERM)):
        if child.poll() is None:
            child.send_signal(number)


signal.signal(signal.SIGTERM, stop)
ended, _ = os.wait()
stop()
for child in (nginx, gunicorn):
    if child.pid != ended:
        child.wait()
