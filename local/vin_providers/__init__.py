"""Stand-ins on this machine for who knows plates (QuickVIN's form) and decodes VINs (NHTSA's vPIC).

`server.vin_providers` starts both; VIN_LOOKUP_URL and VPIC_URL lead the code to them.
"""
