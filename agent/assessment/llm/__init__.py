"""Grades by a language model behind any endpoint that speaks OpenAI's chat completions.

The model judges levels and quotes words; everything else is ours: what it gets to see (`prompt`),
what of its answer holds (`answer`, `evidence`), what the levels are worth (`marks`). It may fail in
any way and never gives a number by failing (`fault`); `fallback` then grades by another grader.
"""
