"""What things are: records and errors, without any behaviour that touches the outside."""
