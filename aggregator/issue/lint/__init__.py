"""What is wrong with a translation, or with an issue that is about to be published."""
