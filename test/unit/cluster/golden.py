"""Runs the golden cases through the PyTorch program's network; prints one JSON object with every deviation."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "model/cluster"))

import torch
from smuggler.config import parse_config
from smuggler.network import Smuggler, bit_signs
from smuggler.optimizer import Optimizer
from smuggler.rules import AGGREGATIONS
from smuggler.safetensors import decode_safetensors
from smuggler.voters import log_likelihood, log_weights

GOLDEN = ROOT / "test/golden"


def tensors(name):
    file = GOLDEN / f"{name}.safetensors"
    return {key: torch.tensor(value) for key, value in decode_safetensors(file.read_bytes(), str(file)).tensors.items()}


def relative(ours, theirs):
    """‖a − b‖ / ‖b‖"""
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    return ((ours.double() - theirs.double()).norm() / theirs.double().norm().clamp(min=1e-30)).item()


def load(case):
    config = parse_config((GOLDEN / case / "config.json").read_text(), case)
    model = Smuggler(config)
    model.load_state_dict(tensors(f"{case}/model"))
    return model


def windows(data):
    """uint8 [..., 4(T+1)] → [..., T+1, 4]"""
    return data.unflatten(-1, (-1, 4))


def forward(case):
    model, expected = load(case), tensors(f"{case}/forward")
    signs = bit_signs(windows(expected["bytes"]))
    with torch.no_grad():
        hidden = model.hidden(windows(expected["bytes"]))
        scores = model.scores(hidden, signs[:, 1:])
        votes = scores.sigmoid()
        weights = log_weights(model.config.aggregation_rule, scores, model.tau()).exp()
        found = {"hidden": hidden, "votes": votes, "weights": weights, "probabilities": (weights * votes).sum(-1)}
        loss = -model(windows(expected["bytes"])).mean()
    errors = {key: relative(value, expected[key]) for key, value in found.items()}
    return {**errors, "loss": abs(loss.item() / expected["loss"].item() - 1)}


def gradients(case):
    model, expected = load(case), tensors(f"{case}/gradients")
    (-model(windows(tensors(f"{case}/forward")["bytes"])).mean()).backward()
    found = {name: parameter.grad for name, parameter in model.named_parameters()}
    assert set(found) == set(expected), set(found) ^ set(expected)
    return {name: relative(found[name], expected[name]) for name in expected}


def training(case):
    recipe = json.loads((GOLDEN / "optimizer.json").read_text())
    model, expected = load(case), tensors(f"{case}/training")
    names = {
        "beta1": "beta1",
        "beta2": "beta2",
        "epsilon": "epsilon",
        "weight_decay": "weightDecay",
        "clip_norm": "clipNorm",
    }
    optimizer = Optimizer(model, {ours: recipe[theirs] for theirs, ours in names.items()})
    losses, norms = [], []
    for batch in windows(expected["bytes"]):
        loss = -model(batch).mean()
        loss.backward()
        losses.append(abs(loss.item() - expected["losses"][len(losses)].item()))
        norms.append(
            abs(optimizer.step(recipe["learning_rate"]).item() / expected["gradient_norms"][len(norms)].item() - 1)
        )
    trained = tensors(f"{case}/trained")
    assert set(trained) == set(dict(model.named_parameters()))
    weights = {name: relative(parameter.detach(), trained[name]) for name, parameter in model.named_parameters()}
    return {"losses": losses, "norms": norms, "weights": weights}


def causality(case):
    """Changes the future of every position and looks whether a hidden vector that predicts it moves."""
    model = load(case)
    generator = torch.Generator().manual_seed(0)
    length = model.config.context_chunks
    chunks = torch.randint(0, 256, (1, length + 1, 4), dtype=torch.uint8, generator=generator)
    moved = 0
    with torch.no_grad():
        for end in range(1, length + 1):
            other = torch.randint(0, 256, chunks.shape, dtype=torch.uint8, generator=generator)
            other[:, :end] = chunks[:, :end]
            difference = (model.hidden(other) - model.hidden(chunks)).flatten(0, -2)
            # The vectors of the chunks before `end`, and the first one of it: with a byte stage a chunk has one for each byte.
            known = (end - 1) * len(difference) // length + 1
            moved = max(moved, difference[:known].abs().max().item())
    return moved


def aggregation():
    """The aggregation vectors in float64: for each group the largest |ours − theirs| / max(|theirs|, scale)."""
    vectors = {key: value.double() for key, value in tensors("aggregation").items()}
    errors = {}

    def compare(group, key, ours, scale):
        theirs = vectors[f"{group}.{key}"]
        finite = bool(torch.isfinite(ours).all())
        worst = ((ours - theirs).abs() / theirs.abs().clamp(min=scale)).max().item() if finite else 1e30
        errors[f"{group}.{key}"] = worst

    for group in [key[:-2] for key in vectors if key.endswith(".p")]:
        head, _, kind = group.rpartition(".")
        count, _, tau = head.partition(".tau")
        scores = vectors[f"{count}.scores"].clone().requires_grad_()
        weights = log_weights(AGGREGATIONS[kind], scores, float(tau)).exp()
        compare(group, "p", (weights * scores.sigmoid()).sum(-1).detach(), 1e-7)
        for key, sign in (("log_p", 1.0), ("log_1_minus_p", -1.0)):
            log = log_likelihood(AGGREGATIONS[kind], scores, torch.full(scores.shape[:-1], sign, dtype=torch.double), float(tau))
            compare(group, key, log.detach(), 1e-6)
            (gradient,) = torch.autograd.grad(log.sum(), scores)
            compare(group, f"d{key}_dscore", gradient, 1e-6)
    return errors


def half(case):
    """How far the loss moves with the processor in bfloat16, relatively."""
    exact, windows_ = load(case), windows(tensors(f"{case}/forward")["bytes"])
    model = Smuggler(exact.config, half=True)
    model.load_state_dict(exact.state_dict())
    with torch.no_grad():
        return abs((model(windows_).mean() / exact(windows_).mean()).item() - 1)


def gradcheck(kind):
    """Whether the gradient of the likelihood, which is written by hand, is that of finite differences."""
    generator = torch.Generator().manual_seed(1)
    scores = (3 * torch.randn(4, 3, 5, dtype=torch.double, generator=generator)).requires_grad_()
    signs = torch.randint(0, 2, (4, 3), generator=generator).double() * 2 - 1
    tau = torch.tensor([[0.5], [3.0], [40.0]], dtype=torch.double, requires_grad=AGGREGATIONS[kind].uses_temperature)
    return torch.autograd.gradcheck(
        lambda z, t: log_likelihood(AGGREGATIONS[kind], z, signs, t), (scores, tau), raise_exception=False
    )


def main():
    torch.set_num_threads(1)
    cases = {
        case: {
            "forward": forward(case),
            "gradients": gradients(case),
            "training": training(case),
            "causality": causality(case),
            "half": half(case),
        }
        for case in sys.argv[1:]
    }
    checks = {kind: gradcheck(kind) for kind in ("softmax", "confidence", "mean", "max")}
    json.dump({"cases": cases, "aggregation": aggregation(), "gradcheck": checks}, sys.stdout)


main()
