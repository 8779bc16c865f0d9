"""bergamot-translator as a reference: Marian's fork, from the wheel `bergamot` (Python 3.10)."""
import functools
import importlib.util
import os
import sys
import types


@functools.cache
def engine():
    """The wheel's extension alone: its package looks for a list of models on the net when it is imported."""
    folder = os.path.dirname(importlib.util.find_spec("bergamot").origin)
    package = types.ModuleType("bergamot")
    package.__path__ = [folder]
    sys.modules["bergamot"] = package
    import bergamot._bergamot as extension

    return extension


def translate(model, vocabularies, lines, *, precision="float32", beam=1, normalize=1.0, factor=3.0, shortlist=None):
    """Translates lines one by one, so that no line is padded to another's length."""
    extension = engine()
    files = "".join(f"  - {name}\n" for name in vocabularies)
    shortlist = f"shortlist:\n  - {shortlist}\n  - false\n" if shortlist else ""
    config = (
        f"models:\n  - {model}\nvocabs:\n{files}{shortlist}beam-size: {beam}\nnormalize: {normalize}\nword-penalty: 0\n"
        f"max-length-break: 128\nmini-batch-words: 1024\nworkspace: 128\nmax-length-factor: {factor}\n"
        f"skip-cost: {'true' if beam == 1 else 'false'}\ncpu-threads: 0\nquiet: true\nquiet-translation: true\n"
        f"gemm-precision: {precision}\nssplit-mode: sentence\n")
    service = extension.Service(extension.ServiceConfig(numWorkers=1, logLevel="off"))
    loaded = service.modelFromConfig(config)
    found = []
    for line in lines:
        response = service.translate(loaded, extension.VectorString([line]), extension.ResponseOptions())
        found.append(response[0].target.text)
    return found
