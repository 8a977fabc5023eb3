"""The product and the template, loaded before processes are forked that would each load them for seconds."""

from importlib import import_module
from pkgutil import walk_packages

import crossbay
from local.template import routes

for module in walk_packages(crossbay.__path__, "crossbay."):
    import_module(module.name)
routes()
