"""What the PyTorch program makes of a request (JSON file): for comparison with the library in TypeScript. Prints JSON."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "model/cluster"))

import torch

from smuggler.config import parse_config
from smuggler.corpus import corpus_fingerprint, read_corpus, split_corpus
from smuggler.errors import SmugglerError
from smuggler.evaluate import document_windows, sample_files
from smuggler.generator import Generator
from smuggler.ignore_rules import exclude_test
from smuggler.initialize import initialize
from smuggler.network import Smuggler
from smuggler.optimizer import Optimizer
from smuggler.plan import (
    DEFAULT_BATCH,
    DEFAULT_LEARNING_RATE,
    DEFAULT_OPTIMIZER,
    create_schedule,
    learning_rate_at,
)
from smuggler.safetensors import decode_safetensors, encode_safetensors
from smuggler.sampler import WindowSampler, bit_rates
from smuggler.training_log import append_report


def draws(seed, bounds, normals):
    generator = Generator.from_seed(seed)
    words = generator.words()
    integers = [generator.integer(bound) for bound in bounds]
    return {
        "words": words,
        "integers": integers,
        "normals": generator.normals(normals).tolist(),
        "after": generator.words(),
    }


def corpus(request):
    read = read_corpus(request["paths"], request["exclude"], request["maxFileBytes"])
    split = split_corpus(read, request["share"], request["seed"])
    sampler = WindowSampler(split.train, request["context"], Generator.from_seed(request["seed"]))
    batches = [sampler.next(request["batch"]) for _ in range(request["batches"])]
    parts = lambda files: [[file.path, len(file.data)] for file in files]
    return {
        "files": parts(read.files),
        "skipped": read.skipped,
        "train": parts(split.train),
        "heldOut": parts(split.held_out),
        "fingerprint": corpus_fingerprint([*split.train, *split.held_out]),
        "bitRates": bit_rates(split.train).tolist(),
        "bytes": [batch.chunks.ravel().tolist() for batch in batches],
        "scored": [batch.scored.ravel().tolist() for batch in batches],
        "scoredInBatch": [batch.scored_in_batch for batch in batches],
        "sample": parts(sample_files(read.files, request["sample"])),
    }


def initial(request, out):
    for i, text in enumerate(request["configs"]):
        config = parse_config(text, "config")
        model, generator = Smuggler(config), Generator.from_seed(i)
        rates = bit_rates(split_corpus(read_corpus(request["paths"], [], 10**9), 0, 0).train)
        initialize(model, rates, generator)
        tensors = {name: parameter.detach().numpy() for name, parameter in model.named_parameters()}
        metadata = {
            "words": json.dumps(generator.words()),
            "names": json.dumps(list(tensors)),
            "config": config.to_json(),
        }
        Path(out, f"{i}.safetensors").write_bytes(encode_safetensors(tensors, metadata))


def steps(request, out):
    """Optimizer steps from the first parameters that were written before."""
    result = []
    for i, each in enumerate(request):
        file = Path(out, f"{i}.safetensors")
        read = decode_safetensors(file.read_bytes(), str(file))
        model = Smuggler(parse_config(read.metadata["config"], "config"))
        model.load_state_dict({name: torch.tensor(value) for name, value in read.tensors.items()})
        optimizer = Optimizer(model, each["optimizer"])
        chunks = torch.tensor(each["bytes"], dtype=torch.uint8).view(each["steps"], each["batch"], -1, 4)
        losses, norms = [], []
        for batch in chunks:
            loss = -model(batch).mean()
            loss.backward()
            losses.append(loss.item())
            norms.append(optimizer.step(each["learningRate"]).item())
        trained = {name: parameter.detach().numpy() for name, parameter in model.named_parameters()}
        moments = {f"moment.{name}": moment.numpy() for name, moment in optimizer.moments()[0].items()}
        Path(out, f"{i}.trained.safetensors").write_bytes(encode_safetensors({**trained, **moments}))
        result.append({"losses": losses, "norms": norms})
    return result


def logs(request):
    """Adds a report to each log, which stands in a folder of its own."""
    for folder in request["folders"]:
        append_report(folder, request["report"])
    return [Path(folder, "training.jsonl").read_text() for folder in request["folders"]]


def error_of(call):
    try:
        call()
    except SmugglerError as error:
        return str(error)
    return None


def main():
    request = json.loads(Path(sys.argv[1]).read_text())
    initial(request["initial"], sys.argv[2])
    result = {
        "steps": steps(request["steps"], sys.argv[2]),
        "recipe": {"optimizer": DEFAULT_OPTIMIZER, "batch": DEFAULT_BATCH, "learningRate": DEFAULT_LEARNING_RATE},
        "draws": [draws(**each) for each in request["draws"]],
        "corpus": corpus(request["corpus"]),
        "windows": [list(document_windows(*each)) for each in request["windows"]],
        "rates": [
            [learning_rate_at(create_schedule(peak, steps), progress) for progress in progresses]
            for peak, steps, progresses in request["rates"]
        ],
        "excluded": [
            [bool(exclude_test(patterns).match(path)) for path in paths] for patterns, paths in request["excludes"]
        ],
        "logs": logs(request["logs"]),
        "pipeErrors": [error_of(lambda: read_corpus([folder], [], 10**9)) for folder in request["pipes"]],
        "configErrors": [error_of(lambda: parse_config(text, "config.json")) for text in request["configErrors"]],
    }
    json.dump(result, sys.stdout)


main()
