"""SMUGGLER models trained by PyTorch on many processes, in the same model folder that the editor's own trainer uses."""
