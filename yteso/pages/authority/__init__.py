"""Pages for the health authority of a province: figures about its facilities, and nothing about anybody."""
