#!/usr/bin/env python3
"""Submits each line of standard input to Dragoman as a job of its own, and prints the jobs' ids. It needs only this:

    apt install python3-zmq python3-protobuf protobuf-compiler
    protoc --python_out=. --proto_path=Protos/dragoman/v1 dragoman.proto
    echo 'Good morning.' | ./producer.py tcp://127.0.0.1:7411[,tcp://STANDBY:7411]
"""
import sys
import time
import uuid

import dragoman_pb2 as dragoman
import zmq

ANSWER_MS = 5000  # After so long in silence the same jobs are submitted again, which is always safe.


def connect(context, endpoint):
    socket = context.socket(zmq.REQ)
    socket.linger, socket.immediate = 0, True  # Of a broker and its standbys, only one takes connections.
    for address in endpoint.split(","):
        socket.connect(address)
    return socket


def submit(context, endpoint, jobs):
    verdicts, socket = {}, connect(context, endpoint)
    while waiting := [job for job in jobs if job.job_id not in verdicts]:
        request = dragoman.Envelope(version=1, submit=dragoman.Submit(jobs=waiting))
        socket.send(request.SerializeToString())
        if not socket.poll(ANSWER_MS):
            socket.close()
            socket = connect(context, endpoint)
            continue
        reply = dragoman.Envelope.FromString(socket.recv())
        if reply.WhichOneof("body") == "fault":
            raise SystemExit(f"refused: {reply.fault.message}")
        pause = 0
        for verdict in reply.submit_reply.verdicts:
            if verdict.rejected.code == dragoman.Rejected.RETRY_LATER:
                pause = max(pause, verdict.rejected.retry_after_ms)
            else:
                verdicts[verdict.job_id] = verdict
        time.sleep(pause / 1000)
    return verdicts


def main():
    sources = [dragoman.Source(text=line.rstrip("\n")) for line in sys.stdin]
    jobs = [dragoman.Job(job_id=uuid.uuid4().bytes, sources=[source]) for source in sources]
    context, refused = zmq.Context(), 0
    for start in range(0, len(jobs), 64):
        for job_id, verdict in submit(context, sys.argv[1], jobs[start : start + 64]).items():
            print(job_id.hex(), verdict.rejected.message if verdict.HasField("rejected") else "accepted")
            refused += verdict.HasField("rejected")
    sys.exit(1 if refused else 0)


main()
