"""The contestant's half of the protocol of README.md: one JSON request per line on stdin, one JSON answer per line."""

import json
import sys
import time


def say(message):
    print(json.dumps(message), flush=True)


def serve(introduction, cases, wait=lambda: None):
    """Answers requests until stdin ends. A case makes of (shape, seed) a pair (run, check): run(repeat) is what is timed, its
    first call with -1 a warm-up; check() is called after the last one and returns the fields of the answer beside the
    times. `wait` returns when the device is idle."""
    say({**introduction, "cases": list(cases)})
    for line in sys.stdin:
        if line.strip():
            say(answer(json.loads(line), cases, wait))


def answer(request, cases, wait):
    prepare = cases.get(request["case"])
    if prepare is None:
        return {"unsupported": f"no case {request['case']}"}
    try:
        run, check = prepare(request["shape"], request["seed"])
        seconds = [timed(run, repeat, wait) for repeat in range(-1, request["repeats"])]
        return {"seconds": seconds[1:], **check()}
    except Exception as reason:  # whatever went wrong costs this answer only
        return {"unsupported": f"{type(reason).__name__}: {reason}"}


def timed(run, repeat, wait):
    start = time.perf_counter()
    run(repeat)
    wait()
    return time.perf_counter() - start
