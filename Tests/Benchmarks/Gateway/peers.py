"""What the gateway is measured beside, each a process of its own that is given a job as JSON:

- `libretranslate`: LibreTranslate's program (PyPI) with a package of Argos that holds the demo model. It does not cut
  texts into sentences, for which it would fetch a model from elsewhere: that would cost it more. Its beam is ours (4);
  its length penalty is its own (0.2), and it mends punctuation.
- `flask`: the same design with nothing in the way, an application of Flask in waitress: the tokens of a text go through
  one `translate_batch` with our options, without scores.

Both take CTranslate2's int8 model. Requests run on as many threads as there are clients at most, so that none waits for
a thread, and CTranslate2 has a worker for each core, or one worker with all cores, whichever is told.
"""
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

BEAMS, LONGEST, WAITING = 4, 256, 64


class Peer:
    def __init__(self, name, port, job, environment):
        self.port = port
        self.log = open(Path(job["work"]) / f"{name}.log", "w")
        self.process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(dict(job, name=name, port=port))], stdout=self.log, stderr=self.log,
            env=dict(os.environ, **environment), cwd=job["work"])
        while not answers(port, "/health"):
            if self.process.poll() is not None:
                raise SystemExit(Path(self.log.name).read_text())
            time.sleep(0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()


def answers(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def argos_package(model, pieces, folder):
    """The model as Argos Translate has it: its tokenizer gives no `</s>`, so the model adds it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(model, folder / "model")
    shutil.copy(pieces, folder / "sentencepiece.model")
    configuration = folder / "model/config.json"
    configuration.write_text(json.dumps(dict(json.loads(configuration.read_text()), add_source_eos=True)))
    (folder / "metadata.json").write_text(json.dumps(dict(
        package_version="1.0", argos_version="1.9", from_code="en", from_name="English", to_code="fr",
        to_name="French")))


# In the processes


def flask(job):
    import ctranslate2
    import sentencepiece
    import waitress
    from flask import Flask, jsonify, request

    application = Flask("peer")
    pieces = sentencepiece.SentencePieceProcessor(model_file=job["pieces"])
    translator = ctranslate2.Translator(
        job["model"], compute_type="int8", inter_threads=job["workers"], intra_threads=job["threads"])

    @application.get("/health")
    def health():
        return jsonify(status="ok")

    @application.post("/translate")
    def translate():
        tokens = pieces.encode(request.get_json()["q"], out_type=str) + ["</s>"]
        found = translator.translate_batch(
            [tokens], beam_size=BEAMS, max_decoding_length=LONGEST, disable_unk=True, return_scores=False)
        return jsonify(translatedText=pieces.decode(found[0].hypotheses[0]))

    waitress.serve(application, host="127.0.0.1", port=job["port"], threads=WAITING)


def libretranslate(job):
    home = Path(job["work"]) / "argos"
    argos_package(job["model"], job["pieces"], home / "packages/en_fr")
    os.environ.update(
        XDG_DATA_HOME=str(home), XDG_CONFIG_HOME=str(home), XDG_CACHE_HOME=str(home),
        ARGOS_PACKAGES_DIR=str(home / "packages"), ARGOS_COMPUTE_TYPE="int8", ARGOS_BEAM_SIZE=str(BEAMS),
        ARGOS_INTER_THREADS=str(job["workers"]), ARGOS_INTRA_THREADS=str(job["threads"]))
    sys.argv[1:] = ["--host", "127.0.0.1", "--port", str(job["port"]), "--threads", str(WAITING),
                    "--disable-files-translation"]
    from argostranslate import sbd, utils
    from libretranslate import init, main

    utils.logger.disabled = True  # of every text, twice and more
    init.boot = lambda *_: None  # would look for models elsewhere
    sbd.MiniSBDSentencizer.split_sentences = lambda _, text: [text]
    main()


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    {"flask": flask, "libretranslate": libretranslate}[job["name"]](job)
