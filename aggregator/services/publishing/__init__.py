"""An issue linted, frozen, printed and sent; what sources changed since."""
