"""The parts of `yteso.intake.envelope`: the outer file, the content of each table, its rows and their digest."""
