"""The widget's way to the bot: streaming REST against Socket.IO, over the same guard and the same model."""
