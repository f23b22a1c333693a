"""The bureau's server: ledger, verdicts, tallies."""
