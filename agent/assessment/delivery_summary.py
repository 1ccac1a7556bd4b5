"""Adds up how the trainee spoke over the talk, each measure beside its reference band.

Where nothing was measured the reason stands in place of a number.
"""

from collections import Counter
from collections.abc import Sequence

from agent.assessment.measures import MEASURES, Measure
from agent.protocol import DeliveryMeasure, DeliverySummary, Exchange


def delivery_summary(exchanges: Sequence[Exchange]) -> DeliverySummary | None:
    """Return how the trainee spoke over the talk; None when nothing was spoken."""
    spoken = [each for each in exchanges if each.delivery.spoken]
    if not spoken:
        return None
    return DeliverySummary(measures=[_over_the_talk(measure, spoken) for measure in MEASURES])


def _over_the_talk(measure: Measure, spoken: Sequence[Exchange]) -> DeliveryMeasure:
    values = [
        (value, _seconds(each))
        for each in spoken
        if (value := measure.read(each.delivery)) is not None
    ]
    empty = DeliveryMeasure(
        id=measure.id,
        name=measure.name,
        unit=measure.unit,
        low=measure.low,
        high=measure.high,
        comment=_why_not(measure.id, spoken),
    )
    if not values:
        return empty
    value = round(measure.over(values), measure.digits)
    return empty.model_copy(
        update={"value": value, "replies": len(values), "comment": _comment(measure, value)}
    )


def _comment(measure: Measure, value: float) -> str:
    if measure.id == "response_latency_s" and value < 0:
        return "On the whole you began before they had finished."
    if measure.low is not None and value < measure.low:
        return measure.below
    if measure.high is not None and value > measure.high:
        return measure.above
    return measure.within


def _why_not(measure: str, spoken: Sequence[Exchange]) -> str:
    reasons = Counter(
        reason.message for each in spoken if (reason := each.delivery.not_measured.get(measure))
    )
    if reasons:
        return reasons.most_common(1)[0][0]
    return "The sound of the replies was not measured, or they were too short."


def _seconds(exchange: Exchange) -> float:
    """Return the seconds a reply weighs, never nothing."""
    spoken = exchange.delivery.speech_s
    return max(0.1, exchange.ended_s - exchange.started_s if spoken is None else spoken)
