"""What is left out, and for whom, when more comes than can be answered.

Every message is triaged first: an emergency gets its words whatever the limits say. Only Rasa's turn behind
them, the answer to the question, is queued, and left out when the queue is full.
"""
