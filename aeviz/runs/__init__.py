"""What is on disk: runs, their steps, models, new samples."""
