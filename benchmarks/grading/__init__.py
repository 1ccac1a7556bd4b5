"""Replies written and marked by people who had not seen the grader or what it was trained on."""
