"""The command line: the flags of `smuggler train`, and how a run ends."""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import sys
import time
from collections.abc import Sequence
from typing import Any

import torch

from .config import ModelConfig
from .corpus import Corpus, Split
from .errors import SmugglerError
from .folder import read_config
from .loop import LoopResult
from .plan import (
    DEFAULT_BATCH,
    DEFAULT_LEARNING_RATE,
    DEFAULT_OPTIMIZER,
    HELD_OUT_SHARE,
    Plan,
    create_schedule,
    parse_plan,
    resume_plan,
)
from .processes import PeerError, Processes
from .trainer import (
    RunOptions,
    Start,
    read_start,
    read_weights,
    require_free_folder,
    train,
)

_DONE, _FAILED, _INTERRUPTED = 0, 1, 130

_MAX_FILE_BYTES = 64_000_000
_REPORT_SECONDS = 0.25
#: Lines between two that are printed without `--json`.
_LINE_SECONDS = 10


def _integer(least: int) -> Any:
    def parse(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"expected an integer of at least {least}")
        return value

    return parse


def _positive(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise argparse.ArgumentTypeError("expected a number above 0")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Train a SMUGGLER model folder with PyTorch. Start it with torchrun to use several processes, one a GPU."
    )
    parser.add_argument("--text", nargs="+", default=[], metavar="PATH", help="files and folders to train on")
    parser.add_argument("--out", required=True, metavar="DIR", help="model folder to write")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--config", metavar="FILE", help="the config.json of a new model")
    source.add_argument("--init", metavar="DIR", help="start from this model's weights and configuration")
    source.add_argument(
        "--resume", action="store_true", help="go on with the training of --out where its last save left off"
    )
    parser.add_argument("--steps", type=_integer(1), help="steps in all")
    parser.add_argument("--seconds", type=_positive, help="seconds in all")
    parser.add_argument(
        "--batch", type=_integer(1), help=f"windows a step, over all processes; {DEFAULT_BATCH} unless given"
    )
    parser.add_argument("--context", type=_integer(1), help="chunks a window; becomes the model's longest window")
    parser.add_argument(
        "--learning-rate", type=_positive, help=f"highest learning rate; {DEFAULT_LEARNING_RATE} unless given"
    )
    parser.add_argument("--seed", type=_integer(0), default=0, help="of the weights, the windows and what is held out")
    parser.add_argument("--exclude", nargs="+", default=[], metavar="PATTERN", help="leave out files that match")
    parser.add_argument("--max-file-bytes", type=_integer(1), default=_MAX_FILE_BYTES, help="leave out larger files")
    parser.add_argument(
        "--save-seconds", type=_positive, default=30.0, help="how much a kill may cost; 30 unless given"
    )
    parser.add_argument(
        "--device", choices=["auto", "cpu", "cuda"], default="auto", help="auto takes GPUs where there are any"
    )
    parser.add_argument(
        "--precision",
        choices=["float32", "bfloat16"],
        default="float32",
        help="what the processor computes in; voters and loss stay in float32",
    )
    parser.add_argument(
        "--threads", type=_integer(0), default=0, help="CPU threads of each process, 0 to leave it to PyTorch"
    )
    parser.add_argument("--json", action="store_true", help="print every step as a JSON object")
    return parser


def _fresh_start(flags: argparse.Namespace) -> Start:
    require_free_folder(flags.out)
    tensors = None
    if flags.init is not None:
        model, tensors = read_weights(flags.init)
        config: ModelConfig = model.config
    else:
        config = read_config(flags.config)
    if flags.context is not None:
        config = dataclasses.replace(config, context_chunks=flags.context)
    plan = Plan(
        text=[os.path.abspath(path) for path in flags.text],
        exclude=flags.exclude,
        maxFileBytes=flags.max_file_bytes,
        heldOutShare=HELD_OUT_SHARE,
        corpus="",
        seed=flags.seed,
        batch=flags.batch or DEFAULT_BATCH,
        context=config.context_chunks,
        steps=flags.steps,
        seconds=flags.seconds,
        schedule=create_schedule(flags.learning_rate or DEFAULT_LEARNING_RATE, flags.steps),
        optimizer=dict(DEFAULT_OPTIMIZER),
        trainedSeconds=0.0,
    )
    return Start(plan, config, tensors, None)


def _resumed_start(flags: argparse.Namespace) -> Start:
    fixed = {"batch": flags.batch, "context": flags.context, "learning rate": flags.learning_rate}
    return read_start(
        flags.out,
        lambda stored: resume_plan(
            parse_plan(stored, flags.out), flags.out, flags.text, flags.steps, flags.seconds, fixed
        ),
    )


class _Terminal:
    """What the first process says: reports on stdout, everything else on stderr."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.last_line = -math.inf

    def note(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def corpus(self, corpus: Corpus, split: Split) -> None:
        trained, held_out = (sum(len(file.data) for file in files) for files in (split.train, split.held_out))
        reasons = list(corpus.skipped.values())
        counts = ", ".join(f"{reasons.count(reason)} {reason}" for reason in sorted(set(reasons)))
        skipped = f"; skipped {counts}" if counts else ""
        self.note(f"{len(corpus.files)} files: {trained} bytes to train on, {held_out} held out{skipped}.")

    def report(self, report: dict[str, Any]) -> None:
        if self.as_json:
            print(json.dumps(report), flush=True)
            return
        if "heldOutBitsPerByte" not in report and time.monotonic() - self.last_line < _LINE_SECONDS:
            return
        self.last_line = time.monotonic()
        of = "" if report["steps"] is None else f" of {report['steps']}"
        line = f"step {report['step']}{of}, {report['bitsPerByte']:.3f} bits per byte, {report['stepMilliseconds']:.1f} ms a step"
        if "heldOutBitsPerByte" in report:
            line += f", {report['heldOutBitsPerByte']:.3f} held out"
        print(line, flush=True)

    def end(self, result: LoopResult, folder: str) -> None:
        held_out = result.held_out_bits_per_byte
        measured = "" if held_out is None else f", {held_out:.3f} held out"
        how = "Stopped" if result.stopped else "Finished"
        self.note(
            f"{how} at step {result.step}: {result.bits_per_byte:.3f} bits per byte{measured}. Saved in {folder}."
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one process. Returns 0 when done, 1 after a failure, 130 when interrupted; wrong usage exits with 2."""
    parser = _parser()
    flags = parser.parse_args(arguments)
    if not flags.resume and not flags.text:
        parser.error("a new model needs --text PATH…")
    if not flags.resume and flags.steps is None and flags.seconds is None:
        parser.error("a new run needs --steps N or --seconds S")
    flags.out = os.path.abspath(flags.out)
    if flags.threads > 0:
        torch.set_num_threads(flags.threads)
    # Convolutions in as many bits as products: float32 means float32.
    torch.backends.cudnn.allow_tf32 = False
    terminal = _Terminal(flags.json)
    options = RunOptions(
        out=flags.out,
        half=flags.precision == "bfloat16",
        report_seconds=0.0 if flags.json else _REPORT_SECONDS,
        save_seconds=flags.save_seconds,
        on_corpus=terminal.corpus,
        on_report=terminal.report,
        on_note=terminal.note,
    )
    try:
        processes = Processes(flags.device)
        begin = _resumed_start if flags.resume else _fresh_start
        result = train(lambda: begin(flags), flags.resume, options, processes)
        if processes.is_first:
            terminal.end(result, flags.out)
        processes.close()
    except PeerError:
        return _FAILED
    except KeyboardInterrupt:
        # Before the loop, which ends by itself.
        return _INTERRUPTED
    except SmugglerError as error:
        terminal.note(f"smuggler: {error}")
        return _FAILED
    return _INTERRUPTED if result.stopped else _DONE
