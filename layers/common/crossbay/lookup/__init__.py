"""Asks others about vehicles, over HTTP: a plate's VINs, a VIN's vehicle. No plate and no VIN is logged."""
