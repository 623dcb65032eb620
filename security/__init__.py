"""Checks from outside, with tools in locked environments of their own: audit, bill of materials, fuzzing."""
