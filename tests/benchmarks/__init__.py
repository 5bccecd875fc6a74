"""Benchmarks: `./pdu bench`."""
