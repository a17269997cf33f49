"""Show the site on this machine: `python scripts/serve.py [--port N]`."""

import sys

import environment

if __name__ == "__main__":
    environment.prepare()
    environment.say("serving")
    sys.exit(environment.run_module("servicebook", "serve", *sys.argv[1:]))
