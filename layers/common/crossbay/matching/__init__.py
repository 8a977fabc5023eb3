"""The linking engine (S9, S23): which records may be the same customer, and why. Pure: no cloud, no clock.

Fellegi-Sunter: `record` normalizes each field once, `blocking` names the index lookups that find candidates,
`levels` puts each field of a pair on a ladder of comparison levels, `names` (by `rare_names`), `contacts`,
`addresses` and `vehicles` weigh them, `context` tells who else has a value, `score` adds the weights up,
`propose` ranks. The m and u probabilities (`weights.json`) and the name frequencies (`surnames.csv`,
`given_names.csv`) are data with a source.
"""
