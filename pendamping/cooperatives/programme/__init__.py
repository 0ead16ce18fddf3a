"""The programme's frame: its years with their targets, and the office that its papers name."""
