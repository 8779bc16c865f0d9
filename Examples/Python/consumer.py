#!/usr/bin/env python3
"""Prints the translations in Dragoman's result log, and acknowledges each after it was printed.

    ./consumer.py tcp://127.0.0.1:7413[,tcp://STANDBY:7413] NAME [COUNT]

Stops after COUNT records, or never; begun again with the same NAME, goes on where it stopped.
"""
import sys
import time

import dragoman_pb2 as dragoman
import zmq

SILENCE_MS = 5000  # The broker beats each second; after so much silence, attach anew.


def envelope(**body):
    return dragoman.Envelope(version=1, **body).SerializeToString()


def records(context, endpoint, name):
    seen, log = 0, None
    while True:
        socket = context.socket(zmq.DEALER)
        socket.linger, socket.immediate = 1000, True  # Of a broker and its standbys, only one takes connections.
        for address in endpoint.split(","):
            socket.connect(address)
        credit = envelope(result_credit=dragoman.ResultCredit(records=256, bytes=1 << 20))
        socket.send(envelope(attach=dragoman.Attach(consumer=name, from_sequence=seen + 1 if seen else 0)))
        while socket.poll(SILENCE_MS):
            message = dragoman.Envelope.FromString(socket.recv())
            kind = message.WhichOneof("body")
            if kind == "attached" and (log := log or message.attached.log_id) != message.attached.log_id:
                sys.exit("the log is another one: the broker's store was restored from a backup or copied")
            if kind == "record" and message.record.sequence > seen:
                seen = message.record.sequence
                yield message.record, lambda: socket.send(envelope(ack=dragoman.Ack(up_to_sequence=seen)))
            elif kind in ("attached", "heartbeat"):
                socket.send(credit)
            elif kind == "fault":
                print(f"refused: {message.fault.message}", file=sys.stderr)
                if message.fault.code == dragoman.Fault.REPLACED:
                    return
                break
        socket.close()
        time.sleep(0.1)


def main():
    endpoint, name, left = *sys.argv[1:3], int(sys.argv[3]) if len(sys.argv) > 3 else None
    for record, acknowledge in records(zmq.Context(), endpoint, name):
        text = "\t".join(output.hypotheses[0].text for output in record.outputs) or record.error.message
        print(record.sequence, record.job_id.hex(), dragoman.JobState.Name(record.state), text, sep="\t", flush=True)
        acknowledge()
        if left is not None and (left := left - 1) == 0:
            break


main()
