"""Makes vectors.txt: see README.md."""

import pathlib
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

HERE = pathlib.Path(__file__).resolve().parent
PROTOS = HERE.parents[2] / "Protos"
VECTORS = HERE / "vectors.txt"


def messages():
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(
            ["protoc", f"--proto_path={PROTOS}", f"--descriptor_set_out={file.name}", "dragoman/v1/dragoman.proto"],
            check=True,
        )
        files = descriptor_pb2.FileDescriptorSet.FromString(file.read())
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("dragoman.v1.Envelope"))


Envelope = messages()
vectors = {}
seen = set()


def note_fields(message):
    for field, value in message.ListFields():
        seen.add(f"{message.DESCRIPTOR.name}.{field.name}")
        if field.type == field.TYPE_MESSAGE:
            for part in value if field.is_repeated else [value]:
                note_fields(part)


def vector(name, correlation=b"", **body):
    envelope = Envelope(version=1, correlation=correlation, **body)
    note_fields(envelope)
    vectors[name] = envelope.SerializeToString(deterministic=True)


def job_id(first):
    return bytes(range(first, first + 16))


def lease(first, chunk, token):
    return {"job_id": job_id(first), "chunk": chunk, "lease": token}


U32, U64 = 2**32 - 1, 2**64 - 1

ALL_OPTIONS = {
    "beam_size": 6, "n_best": 3, "length_penalty": 0.6, "max_length": 300, "min_length": 2, "max_length_ratio": 2.5,
    "min_length_ratio": 0.25, "early_stopping": "NEVER", "patience": 1.5, "repetition_penalty": 1.25,
    "no_repeat_ngram_size": 4, "suppress": ["▁a b", "c"], "force_first_token": ">>fr<<", "prefix": {"text": "Où est"},
    "renormalize_scores": True, "sampling_top_k": 50, "sampling_top_p": 0.9, "temperature": 1.2, "seed": U64,
    "alignments": True, "return_scores": True,
}
ZERO_OPTIONS = {
    "beam_size": 0, "n_best": 0, "length_penalty": 0, "max_length": 0, "min_length": 0, "max_length_ratio": 0,
    "min_length_ratio": 0, "patience": 0, "repetition_penalty": 0, "no_repeat_ngram_size": 0, "prefix": {"tokens": {}},
    "renormalize_scores": False, "sampling_top_k": 0, "sampling_top_p": 0, "temperature": 0, "seed": 0,
    "return_scores": False,
}
FAILURE = {"code": "worker_lost", "message": "the worker was lost 5 times"}
HYPOTHESIS = {
    "text": "Où se trouve la gare ?", "score": -0.5, "truncated": True, "tokens": ["▁Où", "", "▁gare"],
    "token_scores": [-0.25, 0, -1.5], "alignment": [{"weights": [0.5, 0.25, 0.25]}, {}],
    "segment_scores": [-0.5, -1], "segment_weights": [3, 300],
}
REPORT = {
    "job_id": job_id(16), "state": "EXPIRED", "chunks": 7, "chunks_done": 300, "attempts": 5, "priority": 3,
    "sequence": 70000, "accepted_at_ms": 1760000000000, "finished_at_ms": 1760000000500, "error": FAILURE,
    "model": "demo-en-fr", "topic": "news", "expires_at_ms": 1760000086400, "retry_of": job_id(32),
}

vector("fault", b"c", fault={"code": "TOO_LARGE", "message": "the frame is too large"})
vector(
    "submit", bytes(range(64)),
    submit={
        "jobs": [
            {
                "job_id": job_id(0), "digest": bytes(range(32)), "model": "demo-en-fr",
                "sources": [{"text": "Where is the train station?\n\nÀ bientôt 🜁"}, {"tokens": {"tokens": ["▁Hello", "", "."]}}],
                "options": ALL_OPTIONS, "priority": 3, "deadline_ms": U64, "max_attempts": 100, "topic": "news/été",
                "trace": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "partial_results": True,
                "tokens": True,
            },
            {"job_id": job_id(16), "source_language": "en", "target_language": "fr", "sources": [{"text": ""}],
             "options": ZERO_OPTIONS},
            {"job_id": bytes(16)},
        ]
    },
)
for rule in ["FULL", "HEURISTIC"]:
    vector(f"submit {rule}", submit={"jobs": [{"job_id": job_id(0), "options": {"early_stopping": rule}}]})
for allowed in [True, False]:
    vector(f"submit disallow_unknown {allowed}",
           submit={"jobs": [{"job_id": job_id(0), "options": {"disallow_unknown": allowed}}]})
for again in [True, False]:
    vector(f"submit second_pass {again}",
           submit={"jobs": [{"job_id": job_id(0), "options": {"second_pass": again}}]})
TERMS = [{"source": "ice cream", "target": "crème glacée"}, {"source": "Acme"}]
vector("submit with a glossary", submit={"jobs": [{"job_id": job_id(0), "tokens": True, "glossary": TERMS}]})
vector("submit with a glossary's name", submit={"jobs": [{"job_id": job_id(0), "glossary_name": "shop"}]})
SHOP = {"name": "shop", "source_language": "en", "target_language": "fr", "created_at_ms": 1_700_000_000_000,
        "term_count": 2, "byte_count": 31}
vector("glossary list", glossary_request={"verb": "LIST"})
vector("glossary get", glossary_request={"verb": "GET", "names": ["shop"]})
vector("glossary put", glossary_request={"verb": "PUT", "glossary": {**SHOP, "terms": TERMS}, "only_new": True})
vector("glossary remove", glossary_request={"verb": "REMOVE", "names": ["shop", "é"]})
vector("glossary reply", glossary_reply={"glossaries": [
    {**SHOP, "version": 3, "terms": TERMS}, {**SHOP, "version": U64}, {"name": "other"}]})
for rule in ["NONE", "NEWLINES", "SENTENCES"]:
    vector(f"submit split {rule}",
           submit={"jobs": [{"job_id": job_id(0), "options": {
               "split": rule, "max_segment_length": 40, "paragraphs": True, "wrap": 72, "translate_numbers": False}}]})
for language in ["HTML", "XML"]:
    vector(f"submit markup {language}",
           submit={"jobs": [{"job_id": job_id(0), "options": {
               "markup": language, "ignore_tags": ["x"], "splitting_tags": ["y", "z"], "non_splitting_tags": ["g"]}}]})
vector("submit for languages of a model",
       submit={"jobs": [{"job_id": job_id(0), "model": "many", "source_language": "en", "target_language": "pt-BR"}]})
vector("submit long text", submit={"jobs": [{"job_id": job_id(0), "sources": [{"text": "é" * 10_000}]}]})
vector("submit nothing", submit={})
vector(
    "submit reply",
    submit_reply={
        "verdicts": [
            {"job_id": job_id(0), "accepted": {"duplicate": True}},
            {"job_id": job_id(1), "accepted": {}},
            {"job_id": job_id(2), "rejected": {"code": "RETRY_LATER", "retry_after_ms": 1500, "message": "full"}},
            {"job_id": job_id(3), "rejected": {"code": "UNSUPPORTED"}},
        ]
    },
)
vector("cancel", cancel={"job_ids": [job_id(0), job_id(16)]})
vector(
    "cancel reply",
    cancel_reply={"states": ["UNKNOWN", "QUEUED", "RUNNING", "DONE", "DEAD", "EXPIRED", "CANCELLED"]},
)
vector("job query", job_query={"job_id": job_id(240)})
vector("job report", job_report=REPORT)
vector("job report of an unknown job", job_report={"job_id": job_id(0), "state": "UNKNOWN"})
vector("status query", status_query={})
vector(
    "status report",
    status_report={
        "epoch": 1, "uptime_ms": 2000, "draining": True, "queued_jobs": 3, "queued_chunks": 4, "leased_chunks": 5,
        "queued_bytes": 6_000_000_000, "dead_jobs": 7, "accepted_total": 8, "rejected_total": 9, "done_total": 10,
        "failed_total": 11, "source_tokens_total": 12, "sentences_total": 13,
        "workers": [
            {"instance": "a", "silent_ms": 1, "leased_chunks": 2, "leased_tokens": 300, "window_tokens": 4096,
             "models": ["demo-en-fr", "x"], "draining": True, "done_total": 5, "failed_total": 6,
             "source_tokens_per_second": 1234.5, "loaded_models": ["x"]},
            {},
        ],
        "models": [
            {"name": "demo-en-fr", "source_language": "en", "target_language": "fr", "workers": 1, "queued_chunks": 2,
             "leased_chunks": 3, "done_total": 4, "source_tokens_per_second": 5.5, "sentences_per_second": 0.125},
        ],
        "consumers": [{"name": "printer", "acknowledged": U64, "attached": True}, {"name": "old"}],
        "last_sequence": 18, "version": "0.1.0",
    },
)
vector("status report of nothing", status_report={})
vector("status report of a log with an identity", status_report={"log_id": job_id(64)})
vector(
    "status report of a worker that cannot load a model",
    status_report={
        "workers": [
            {
                "instance": "host-1/2",
                "unavailable_models": [{"name": "demo-en-fr", "reason": "there is no such folder"}],
            }
        ]
    },
)
vector(
    "status report of a model of several languages",
    status_report={"models": [{"name": "many", "languages": [{"source": ["en"], "target": ["fr", "de"]}, {}]}]},
)
vector(
    "status report of what waits and how long jobs take",
    status_report={
        "oldest_queued_ms": 70000, "expired_total": 1, "cancelled_total": 300, "leases_lost_total": U64,
        "job_wait": {"count": 1000, "p50_ms": 5, "p90_ms": 300, "p99_ms": 70000},
        "job_duration": {},
    },
)
vector("dead letters list", dead_letter_request={"verb": "LIST", "after_sequence": 9, "limit": 1000})
vector("dead letters retry", dead_letter_request={"verb": "RETRY", "job_ids": [job_id(0)]})
vector("dead letters drop", dead_letter_request={"verb": "DROP"})
vector("cancel of another tenant's", cancel={"job_ids": [job_id(0)], "scope": {"tenant": "shop"}})
vector("job query of all tenants", job_query={"job_id": job_id(240), "scope": {"all_tenants": True}})
vector("job query of what is visible", job_query={"job_id": job_id(240), "scope": {}})
vector("job report of a tenant", job_report={"job_id": job_id(0), "state": "QUEUED", "tenant": "shop"})
vector("status query of a tenant", status_query={"scope": {"tenant": "shop"}})
vector(
    "status report of all tenants",
    status_report={
        "workers": [{"instance": "a", "unreachable": True}], "models": [{"name": "x", "absent_ms": 300}],
        "consumers": [
            {"name": "old", "tenant": "shop", "last_sequence": 70000, "absent_ms": 86400000, "abandoned": True}
        ],
        "last_sequence": 18, "tenant": "admin", "all_tenants": True, "worker_count": 3,
        "refusal": "the disk is full",
    },
)
vector(
    "dead letters list of all tenants",
    dead_letter_request={
        "verb": "LIST", "after_sequence": 9, "limit": 10, "scope": {"all_tenants": True}, "after_tenant": "shop"
    },
)
vector("dead letters drop of a tenant", dead_letter_request={"verb": "DROP", "job_ids": [job_id(0)], "scope": {"tenant": "shop"}})
vector("consumers list", consumer_request={"verb": "LIST", "scope": {"all_tenants": True}})
vector("consumers remove", consumer_request={"verb": "REMOVE", "names": ["a", "b"]})
vector("consumer reply", consumer_reply={"consumers": [{"name": "a", "acknowledged": 7, "tenant": "shop"}]})
vector("models list", model_request={"verb": "LIST"})
vector("models remove", model_request={"verb": "REMOVE", "names": ["x"]})
vector("model reply", model_reply={"models": [{"name": "x", "absent_ms": 1}]})
vector(
    "job list request",
    job_list_request={
        "scope": {"tenant": "shop"}, "states": ["QUEUED", "RUNNING"], "topic": "news", "model": "demo-en-fr",
        "older_than_ms": 7200000, "after": 300, "up_to": U64, "limit": 1000,
    },
)
vector("job list request of all", job_list_request={"limit": 1})
vector("job list reply", job_list_reply={"jobs": [REPORT], "next": 300, "last": 70000})
vector("job list reply, the last", job_list_reply={})
vector("dead letter reply", dead_letter_reply={"jobs": [REPORT, {"job_id": job_id(0), "state": "DEAD"}]})

vector(
    "hello",
    hello={
        "instance": "host-1/2", "models": [{"name": "demo-en-fr", "source_language": "en", "target_language": "fr"}, {"name": "x"}],
        "leases": [lease(0, 0, 0), lease(16, U32, U64)], "window_tokens": 8192,
    },
)
vector(
    "hello of an incarnation",
    hello={
        "instance": "host-1/2", "window_tokens": 1, "incarnation": U64,
        "unavailable_models": [{"name": "demo-en-fr", "reason": "there is no such folder"}, {}],
    },
)
vector(
    "hello with a model of several languages",
    hello={
        "instance": "a", "models": [{"name": "many", "languages": [{"source": ["en", "fr"], "target": ["de"]}, {"target": ["fr"]}]}],
        "window_tokens": 1,
    },
)
vector("work credit", work_credit={"window_tokens": U64})
vector("no work credit", work_credit={})
vector("worker beat", worker_beat={"leases": [lease(0, 1, 2)], "loaded_models": ["demo-en-fr", "x"]})
vector(
    "done",
    done={"lease": lease(0, 1, 2**40 + 1), "outputs": [{"hypotheses": [HYPOTHESIS, {}]}, {}], "source_tokens": 12,
          "sentences": 1},
)
vector("fail", fail={"lease": lease(0, 1, 2), "failure": FAILURE, "retryable": True})
vector("fail for ever", fail={"lease": lease(0, 0, 0), "failure": {}})
vector("goodbye", goodbye={"unstarted": [lease(0, 1, 2), lease(16, 3, 4)]})
vector(
    "welcome",
    welcome={"epoch": 3, "heartbeat_ms": 1000, "leases": [lease(0, 1, 2)], "silence_ms": 5000},
)
vector(
    "assign",
    assign={
        "lease": lease(0, 1, 2), "attempt": 2, "cost_tokens": 600, "deadline_ms": 60000, "priority": 1,
        "model": "demo-en-fr", "sources": [{"text": "Hello."}, {"tokens": {"tokens": ["a"]}}], "options": {"seed": 0},
        "trace": "t", "alone": True, "tokens": True,
    },
)
vector(
    "assign between languages of a model",
    assign={"lease": lease(0, 1, 2), "attempt": 1, "model": "many", "source_language": "en", "target_language": "pt-BR"},
)
vector("assign with a glossary", assign={"lease": lease(0, 1, 2), "attempt": 1, "model": "m", "glossary": TERMS})
vector("broker beat", broker_beat={"epoch": 3, "cancelled": [lease(0, 1, 2)], "drain": True})
vector("settled", settled={"leases": [lease(0, 1, 2)]})

vector("attach", attach={"consumer": "printer", "from_sequence": 5})
vector("result credit", result_credit={"records": U32, "bytes": 1 << 30})
vector("ack", ack={"up_to_sequence": U64})
vector("detach", detach={})
vector("attached", attached={"epoch": 1, "next_sequence": 2, "last_sequence": 3, "heartbeat_ms": 1000})
vector("attached to a log with an identity",
       attached={"epoch": 1, "next_sequence": 2, "last_sequence": 3, "heartbeat_ms": 1000, "log_id": job_id(64)})
vector(
    "record",
    record={
        "sequence": 70000, "job_id": job_id(0), "state": "DONE", "outputs": [{"hypotheses": [HYPOTHESIS, {"text": "a", "unscored": True}]}, {}],
        "topic": "news", "trace": "t", "model": "demo-en-fr", "accepted_at_ms": 1760000000000,
        "finished_at_ms": 1760000000500, "attempts": 2, "retry_of": job_id(32), "epoch": 4,
    },
)
vector(
    "record with terms",
    record={
        "sequence": 1, "job_id": job_id(0), "state": "DONE",
        "outputs": [{"hypotheses": [{"text": "a"}], "glossary_hits": 300, "glossary_misses": ["chat", "é"]}],
    },
)
vector(
    "record with a confidence",
    record={
        "sequence": 1, "job_id": job_id(0), "state": "DONE",
        "outputs": [
            {"hypotheses": [{"text": "a"}], "confidence": 0.25, "suspicious": "SCRIPT"},
            {"hypotheses": [{"text": "b"}], "confidence": 0.0, "suspicious": "REPETITION"},
        ],
    },
)
vector("record of a dead job", record={"sequence": 1, "job_id": job_id(0), "state": "DEAD", "error": FAILURE})
vector(
    "partial record",
    record={
        "job_id": job_id(0), "state": "RUNNING", "outputs": [{}, {}], "partial": True,
        "pieces": [{"source": 1, "begin": 100, "end": 20000}, {"source": 2}],
    },
)
vector("acked", acked={"up_to_sequence": 9})
vector("heartbeat", heartbeat={"epoch": 4, "last_sequence": 70000})

# A later sender's: fields 100 (a number), 101 (bytes), 102 (8 bytes) and 103 (4 bytes) in the job and in the envelope.
LATER = bytes.fromhex("a006 9601" "aa06 03 616263" "b106 0102030405060708" "bd06 01020304".replace(" ", ""))
with_unknown = Envelope(version=1)
with_unknown.submit.jobs.add(job_id=job_id(0), priority=2).MergeFromString(LATER)
vectors["unknown fields"] = with_unknown.SerializeToString(deterministic=True) + LATER


def check_coverage():
    def every(descriptor, found):
        if descriptor.name in found:
            return
        found[descriptor.name] = [f"{descriptor.name}.{field.name}" for field in descriptor.fields]
        for field in descriptor.fields:
            if field.message_type:
                every(field.message_type, found)

    found = {}
    every(Envelope.DESCRIPTOR, found)
    missing = {name for names in found.values() for name in names} - seen
    if missing:
        sys.exit(f"in no vector: {', '.join(sorted(missing))}")


check_coverage()
lines = "".join(f"{name}: {data.hex()}\n" for name, data in vectors.items())
if "--check" in sys.argv:
    if VECTORS.read_text() != lines:
        sys.exit("vectors.txt is stale: run make_vectors.py")
else:
    VECTORS.write_text(lines)
