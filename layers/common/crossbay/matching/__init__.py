"""The linking engine (S9, S23): which records may be the same customer, and why. Pure: no cloud, no clock.

Fellegi-Sunter: `record` normalizes each field once, `blocking` names the index lookups that find candidates,
`compare` puts each field of a pair on a ladder of comparison levels, `score` adds up the levels' match weights,
`propose` ranks. The weights (`weights.json`) and the name frequencies (`names.csv`) are data with a source.
"""
