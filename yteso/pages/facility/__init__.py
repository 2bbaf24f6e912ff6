"""Pages for the staff of a facility: send files, see what came of them, know how to mend each mistake."""
