"""celery, with a real worker, against a running broker; prints a line per check."""

import os
import subprocess
import sys
import time

from celery import Celery
from checks import check, run_checks

RUN = os.environ.get("CELERY_RUN") or f"celery-{time.time_ns()}"
LIMIT_S = 60
app = Celery("checks", broker=f"amqp://guest:guest@{os.environ['AMQP']}//", backend="rpc://")
app.conf.update(task_default_queue=RUN, broker_connection_retry_on_startup=False, worker_hijack_root_logger=False,
                task_acks_late=True, worker_prefetch_multiplier=1, result_expires=600, control_queue_expires=60)


@app.task(name="add")
def add(a, b):
    return a + b


@app.task(name="third_time", bind=True, max_retries=3)
def third_time(self, _):
    if self.request.retries < 2:
        raise self.retry(countdown=0.2)
    return self.request.retries


@app.task(name="delivered_with", bind=True)
def delivered_with(self):
    return self.request.delivery_info["priority"]


@check
def results_come_back():
    assert add.delay(2, 3).get(LIMIT_S) == 5


@check
def many_tasks():
    results = [add.delay(i, i) for i in range(100)]
    assert [result.get(LIMIT_S) for result in results] == [2 * i for i in range(100)]


@check
def retries():
    assert third_time.delay(0).get(LIMIT_S) == 2


@check
def eta_waits():
    began = time.monotonic()
    assert add.apply_async((1, 1), countdown=1).get(LIMIT_S) == 2
    assert time.monotonic() - began >= 0.9


@check
def priorities_are_carried():
    assert delivered_with.apply_async(priority=7).get(LIMIT_S) == 7


@check
def the_worker_answers_control_commands():
    replies = app.control.ping(timeout=5)
    assert any("ok" in answer for reply in replies for answer in reply.values()), replies


def main():
    worker = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "with_celery", "worker", "--pool", "solo", "--loglevel", "WARNING",
         "--without-gossip"],
        env={**os.environ, "CELERY_RUN": RUN}, cwd=os.path.dirname(os.path.abspath(__file__)), stdout=sys.stderr)
    try:
        status = run_checks("celery")
    finally:
        worker.terminate()
        worker.wait(LIMIT_S)
    sys.exit(status)


if __name__ == "__main__":
    main()
