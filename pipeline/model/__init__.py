"""Training, loading and scoring of the trained model."""
