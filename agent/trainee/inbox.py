"""What the persona sends besides its voice: grades, state, the report.

A message that is not what the contract says becomes an `error` event, not an exception: the
conversation goes on.
"""

from pydantic import ValidationError

from agent.protocol import (
    TOPIC_GRADE,
    TOPIC_REPORT,
    TOPIC_STATE,
    GradeMessage,
    Report,
    StateMessage,
)
from agent.trainee.events import EventLog


class Inbox:
    """Reads the messages of one encounter into the log."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._grades: dict[int, GradeMessage] = {}
        self.paused_s = 0.0
        """Seconds the persona takes, by its nature, before the answer to the last reply."""
        self.report: Report | None = None
        self.report_json = ""

    def take(self, topic: str, text: str) -> None:
        """Take in a message as it came from a text stream."""
        try:
            if topic == TOPIC_GRADE:
                grade = GradeMessage.model_validate_json(text)
                self._grades[grade.exchange] = grade
                self._log.add("grade", **grade.model_dump(mode="json"))
            elif topic == TOPIC_STATE:
                state = StateMessage.model_validate_json(text)
                if state.exchange is not None:
                    self.paused_s = state.pause_s
                self._log.add("state", **state.model_dump(mode="json"))
            elif topic == TOPIC_REPORT:
                self._report(text)
        except ValidationError as error:
            self._bad(topic, error)

    def take_report(self, text: str) -> None:
        """Take in a report that was fetched from the server."""
        try:
            self._report(text)
        except ValidationError as error:
            self._bad("report", error)

    def grades(self) -> list[GradeMessage]:
        """Return the last word on each exchange, in order."""
        return [self._grades[index] for index in sorted(self._grades)]

    def _report(self, text: str) -> None:
        if self.report is not None:
            return
        self.report = Report.model_validate_json(text)
        self.report_json = text
        self._log.add("report", **self.report.model_dump(mode="json"))

    def _bad(self, topic: str, error: ValidationError) -> None:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        self._log.add("error", message=f"a message on {topic!r} is wrong: {where}: {first['msg']}")
