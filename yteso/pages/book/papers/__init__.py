"""The book on paper: what is printed (blocks), how it looks (Typst), and the PDF."""
