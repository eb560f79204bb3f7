"""Trains a SMUGGLER model folder with PyTorch: `torchrun --nproc_per_node 8 train.py …`, or `python3 train.py …` alone."""

import sys

from smuggler.main import main

if __name__ == "__main__":
    sys.exit(main())
