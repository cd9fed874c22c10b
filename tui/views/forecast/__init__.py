"""The forecaster: its data, forecast, training and scores."""
