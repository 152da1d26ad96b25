"""The benchmarks: `python -m bench` (or `make bench`) measures the hot paths and prints one table.

Everything runs on 127.0.0.1 against a Bot API server of our own that does nothing but answer (stub.py).
"""
