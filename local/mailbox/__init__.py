"""A stand-in for SES v2 on this machine: takes messages, keeps them to be read, sends SES's events.

`server.mailbox` starts one; AWS_ENDPOINT_URL_SESV2 leads boto3 to it.
"""
