"""Scripts that distil the official definitions into the small data files of this package."""
