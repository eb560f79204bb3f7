"""Makes the vectors of `bytes-ngrams` from those of `bytes`: its text and parameters with tables of n-grams drawn anew, in float64 by
the PyTorch program, which computes none of it with the library's code. With `--check` it makes `bytes` itself and says how far it is off.

Usage: python3 test/golden/makeNgrams.py [--check]
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

GOLDEN = Path(__file__).parent
sys.path.insert(0, str(GOLDEN / "../../model/cluster"))

from smuggler.config import parse_config  # noqa: E402
from smuggler import network as program  # noqa: E402
from smuggler.optimizer import Optimizer  # noqa: E402

# The program computes in float32: its one conversion from bytes is made to give float64.
in_float32 = program.bit_signs
program.bit_signs = lambda chunks: in_float32(chunks).double()

TYPES = {"F32": np.float32, "U8": np.uint8}
ROWS = 32


def read(path: Path) -> dict[str, np.ndarray]:
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    return {
        name: np.frombuffer(data[8 + length :][slice(*entry["data_offsets"])], TYPES[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def write(path: Path, tensors: dict[str, np.ndarray]) -> None:
    header, offset, parts = {}, 0, []
    for name, array in tensors.items():
        kind = "U8" if array.dtype == np.uint8 else "F32"
        raw = np.ascontiguousarray(array.astype(TYPES[kind])).tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [offset, offset + len(raw)]}
        offset += len(raw)
        parts.append(raw)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def vectors(config_text: str, model: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    config = parse_config(config_text, "config.json")
    network = program.Smuggler(config).double()
    network.load_state_dict({name: torch.from_numpy(array.astype(np.float64)) for name, array in model.items()})
    named = dict(network.named_parameters())
    numpy = lambda tensor: tensor.detach().numpy()  # noqa: E731
    windows = lambda array: torch.from_numpy(array.copy()).unflatten(-1, (-1, 4))  # noqa: E731

    data = read(GOLDEN / "bytes/forward.safetensors")["bytes"]
    hidden = network.hidden(windows(data))
    votes = torch.sigmoid(network.scores(hidden, program.bit_signs(windows(data)[:, 1:])))
    weights = torch.softmax(config.tau * votes, -1)
    loss = -network(windows(data)).mean()
    loss.backward()
    forward = {"bytes": data, "hidden": numpy(hidden), "votes": numpy(votes), "weights": numpy(weights)}
    forward |= {"probabilities": numpy((weights * votes).sum(-1)), "loss": numpy(loss)[None]}
    gradients = {name: numpy(named[name].grad).copy() for name in model}
    network.zero_grad()

    recipe = json.loads((GOLDEN / "optimizer.json").read_text())
    keys = {"beta1": "beta1", "beta2": "beta2", "epsilon": "epsilon", "weightDecay": "weight_decay", "clipNorm": "clip_norm"}
    optimizer = Optimizer(network, {ours: recipe[theirs] for ours, theirs in keys.items()})
    batches = read(GOLDEN / "bytes/training.safetensors")["bytes"]
    losses, norms = [], []
    for batch in batches:
        step_loss = -network(windows(batch)).mean()
        step_loss.backward()
        losses.append(step_loss.item())
        norms.append(optimizer.step(recipe["learning_rate"]).item())
    training = {"bytes": batches, "losses": np.array(losses), "gradient_norms": np.array(norms)}
    trained = {name: numpy(named[name]) for name in model}
    return {"model": model, "forward": forward, "gradients": gradients, "training": training, "trained": trained}


def main() -> None:
    config_text = (GOLDEN / "bytes/config.json").read_text()
    model = read(GOLDEN / "bytes/model.safetensors")
    if "--check" in sys.argv:
        for part, tensors in vectors(config_text, model).items():
            expected = read(GOLDEN / f"bytes/{part}.safetensors")
            off = max(float(np.abs(tensors[name] - expected[name]).max()) for name in expected)
            print(f"{part}: largest difference {off:.2e}")
        return
    config = json.loads(config_text) | {"byte_ngram_rows": ROWS}
    table = np.random.default_rng(0).normal(0, 0.3, (len(program.NGRAM_ORDERS) * ROWS, config["byte_channels"])).astype(np.float32)
    folder = GOLDEN / "bytes-ngrams"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    for part, tensors in vectors(json.dumps(config), model | {"byte_stage.ngrams.weight": table}).items():
        write(folder / f"{part}.safetensors", tensors)


main()
