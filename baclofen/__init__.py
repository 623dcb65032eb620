"""Plain core of the baclofen overdose-sign chatbot: no Rasa, no web framework."""
