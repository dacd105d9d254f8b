"""A worker over HTTP: makes no thumbnails, but takes its time and reports it."""

import base64
import json
import os
import time
import urllib.error
import urllib.request

BROKER = os.environ.get("BROKER", "http://127.0.0.1:15672")
USER = os.environ.get("BROKER_USER", "guest:guest")
AUTHORIZATION = "Basic " + base64.b64encode(USER.encode()).decode()


def post(path, body):
    request = urllib.request.Request(
        BROKER + path,
        data=json.dumps(body).encode(),
        headers={"authorization": AUTHORIZATION, "content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        text = response.read()
        return json.loads(text) if text else {}


def work(job):
    path, run = "/jobs/" + job["id"], "?run=%d" % job["run"]
    order = job["message"]["body"]
    for percent in range(0, 100, 10):
        post(path + "/heartbeat" + run,
             {"progress": percent, "note": "resizing " + order["file"], "lease": "10s"})
        time.sleep(0.5)
    if order["file"].endswith(".txt"):
        post(path + "/nack" + run, {"reason": "not an image", "retry": False})
    else:
        post(path + "/ack" + run, {"thumbnail": "small-" + order["file"]})


def main():
    print("waiting for jobs")
    while True:
        try:
            taken = post("/jobs/thumbnails/fetch",
                         {"wait": "20s", "lease": "10s", "worker": "worker.py %d" % os.getpid()})
            for job in taken.get("jobs", []):
                print("working on", job["id"])
                work(job)
        except urllib.error.HTTPError as problem:
            # 404: no job was enqueued yet. 409: the job was cancelled, or given to another worker.
            print(problem.code, problem.read().decode())
            time.sleep(1)


if __name__ == "__main__":
    main()
