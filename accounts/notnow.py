"""The refusal that is nobody's fault: she may do this, but not now."""


class NotNow(Exception):
    """Carries a Chinese sentence that says why not and what to do; doors answer it with 409."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
