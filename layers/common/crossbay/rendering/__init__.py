"""Letters: what a campaign message says, as e-mail and as postcard. Pure: data in, text and bytes out."""
