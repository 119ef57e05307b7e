"""The arithmetic of the efficiency room: compiled functions on float64 arrays, and nothing else.

No pandas, no option words and no random numbers enter here. Variables are rows and units are columns, returns to scale
are bounds on the sum of the intensities, draws are handed in, and every unit comes back with a code of `status`.
"""
