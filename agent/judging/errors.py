"""What can go wrong between us and a model. A judgement that fails is an error, never a number."""


class JudgingError(Exception):
    """A model gave no answer that can be used.

    Codes: `model_timeout`, `model_unreachable`, `model_status`, `model_failed`, `model_declined`,
    `answer_cut_off`, `answer_empty`, `answer_malformed`, `out_of_range`, `lines_missing`,
    `unknown_fact`, `nothing_to_judge`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
