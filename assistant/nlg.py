"""Words for Rasa's ``utter_…`` actions, built in this process: no server that could be down."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from assistant import turn as turns
from assistant import wire


class ReplyBuilder(NaturalLanguageGenerator):
    """Render replies for the tracker's last message; the domain's static English is the next best.

    Args:
        endpoint_config: the ``nlg`` entry of endpoints.yml.
        domain: Rasa's domain; empty when the generator is made before the model is loaded.
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        self._responses: dict[str, Any] = domain.responses if domain else {}

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response; never nothing for an action that has words (see base class)."""
        try:
            turn = turns.read(tracker)
            if turn is None:
                raise LookupError("The user has said nothing yet.")
            response = wire.to_response(wire.reply(utter_action, turn.heard))
            if turn.is_raised:
                response.pop("custom", None)
            return response
        except Exception:
            return self._static(utter_action, kwargs.get("domain_responses") or self._responses)

    @staticmethod
    def _static(utter_action: str, responses: dict[str, Any]) -> dict[str, Any]:
        variations = responses.get(utter_action)
        return dict(variations[0]) if variations else wire.last_resort()
