"""Bytes to a partner's server, over SFTP, FTP or FTPS."""
