"""The command line: options, sections, rendering, validation; no mathematics."""
