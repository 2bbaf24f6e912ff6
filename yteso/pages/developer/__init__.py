"""For those who connect software: the API in words."""
