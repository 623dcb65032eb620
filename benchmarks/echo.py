"""The floor: a server that says back what it hears, in the JSON of Rasa's REST channel, on ``PORT``."""

from __future__ import annotations

import os

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

app = Sanic("echo", configure_logging=False)


@app.post("/webhooks/rest/webhook")
async def answer(request: Request) -> HTTPResponse:
    """Return the message as the bot's."""
    heard = request.json
    return response.json([{"recipient_id": heard["sender"], "text": heard["message"]}])


if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ["PORT"]), access_log=False, motd=False, debug=False)
