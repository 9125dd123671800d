"""What ``run.log`` costs a training loop: ``python -m benchmarks.run_log``.

A real kernel runs the loop; the pane is open in it as in a notebook: a client has said hello to the widget's comm, so
that tails are packed and sent 25 times a second while the loop logs. The peer is ``list.append`` of the same numbers,
which no way of logging can beat. Each kind of loop is run with the pane and without, in one kernel.
"""

from __future__ import annotations

import json
import queue
import time
from typing import Any

from jupyter_client.manager import start_new_kernel

SETUP = """
import time, statistics, json
import numpy as np
import offdiagonal as od
run = od.Run("overhead", folder=FOLDER)
view = run.curves()
"""
LOOP = """
def timed(log, n, busy):
    took = np.empty(n)
    for i in range(n):
        end = time.perf_counter() + busy
        while time.perf_counter() < end:
            pass
        began = time.perf_counter_ns()
        log(i)
        took[i] = time.perf_counter_ns() - began
    took /= 1000
    return [float(np.median(took)), float(np.quantile(took, .99)), float(took.max())]

kept = []
print(json.dumps({
    "list.append, loop without a pause": timed(lambda i: kept.append((i, 1.0 / (i + 1), 0.1)), 200_000, 0),
    "run.log, loop without a pause": timed(lambda i: run.log(i, loss=1.0 / (i + 1), lr=0.1), 200_000, 0),
    "run.log, steps of 1 ms": timed(lambda i: run.log(i, loss=1.0 / (i + 1), lr=0.1), 3_000, 0.001),
    "run.log, steps of 10 ms": timed(lambda i: run.log(i, loss=1.0 / (i + 1), lr=0.1), 500, 0.010),
}))
"""


def main() -> None:
    """Print medians, 99th percentiles and the longest call, in microseconds."""
    import tempfile

    manager, client = start_new_kernel()
    try:
        with tempfile.TemporaryDirectory() as folder:
            said(client, SETUP.replace("FOLDER", repr(folder)))
            closed = json.loads(said(client, LOOP))
            comm = said(client, "print(view.widget.comm.comm_id)").strip()
            greet(client, comm)
            opened = json.loads(said(client, LOOP))
            tails = said(client, "run.finish(); print(len(run.session._greeted))").strip()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    print(f"views that were told: {tails}\n")
    print("| call | pane | median, µs | 99 %, µs | longest, µs |\n|---|---|---|---|---|")
    for pane, results in (("closed", closed), ("open", opened)):
        for name, (median, high, most) in results.items():
            print(f"| {name} | {pane} | {median:.1f} | {high:.1f} | {most:,.0f} |")


def greet(client: Any, comm: str) -> None:
    """Say hello as a page does, and wait for the answer."""
    content = {"comm_id": comm, "data": {"method": "custom", "content": {"type": "hello", "request": 1}}}
    client.shell_channel.send(client.session.msg("comm_msg", content))
    end = time.monotonic() + 30
    while time.monotonic() < end:
        message = client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "comm_msg" and "runs" in json.dumps(
            message["content"]["data"], default=str
        ):
            return
    raise TimeoutError("the widget did not answer")


def said(client: Any, code: str) -> str:
    """What some code prints in the kernel."""
    asked = client.execute(code)
    text = ""
    while True:
        try:
            message = client.get_iopub_msg(timeout=300)
        except queue.Empty as error:
            raise TimeoutError(code) from error
        if message["parent_header"].get("msg_id") != asked:
            continue
        content = message["content"]
        if message["msg_type"] == "stream":
            text += content["text"]
        elif message["msg_type"] == "error":
            raise RuntimeError("\n".join(content["traceback"]))
        elif message["msg_type"] == "status" and content["execution_state"] == "idle":
            return text


if __name__ == "__main__":
    main()
