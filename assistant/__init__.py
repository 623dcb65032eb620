"""The Rasa side of the chatbot: components, policy, channel, stores and the launcher."""
