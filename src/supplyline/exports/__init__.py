"""A run for other programs: tidy tables, maps, arrays and charts, each with its units.

What is written says which run it is of, how far the data reach and on what terms it may
be used, and a codebook tells the unit and meaning of every column.
"""
