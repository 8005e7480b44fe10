"""Work handed from process to process through PostgreSQL, by Procrastinate."""
