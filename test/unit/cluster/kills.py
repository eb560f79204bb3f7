"""Saves a checkpoint again and again, each time killed (SIGKILL) just before one file-system call later; a write stops half-way.

Arguments: the folder of a saved model, and a folder for copies of it as each kill left it. Prints the number of kills.
"""

import dataclasses
import os
import shutil
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "model/cluster"))

from smuggler.folder import read_model, read_training_state, save_checkpoint

CALLS = ("open", "write", "fsync", "mkdir", "rename", "replace", "rmdir", "listdir", "unlink")


def save_next(folder):
    model = read_model(folder)
    state = read_training_state(folder, model, {name: tensor.shape for name, tensor in model.tensors.items()})
    step = state.step + 1
    tensors = {name: tensor * 0 + step for name, tensor in model.tensors.items()}
    moments = {name: -tensor for name, tensor in tensors.items()}
    save_checkpoint(folder, model.config, tensors, dataclasses.replace(state, step=step, first_moments=moments))


def die_at(last):
    calls = 0

    def wrapped(name, call):
        def run(*arguments, **options):
            nonlocal calls
            calls += 1
            if calls == last:
                if name == "write":
                    call(arguments[0], arguments[1][: len(arguments[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return run

    for name in CALLS:
        setattr(os, name, wrapped(name, getattr(os, name)))


def main():
    folder, copies = sys.argv[1:]
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            die_at(kills + 1)
            save_next(folder)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            break
        shutil.copytree(folder, os.path.join(copies, str(kills)))
        kills += 1
    print(kills)


main()
