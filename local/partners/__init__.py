"""Partners' servers on this machine: SFTP, FTP and FTPS, each with a folder one can look into.

`servers.partner_servers` starts them; they fail when told (`faults`).
"""
