"""Charts of the marketing source report, as data, SVG and PNG (decision 0149). Pure."""
