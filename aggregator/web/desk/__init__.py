"""The rooms of the desk behind its doors: one module a page, in one frame."""
