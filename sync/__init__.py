"""The sync protocol: seal, verify, decide, receipt. Pure; I/O comes in as ports."""
