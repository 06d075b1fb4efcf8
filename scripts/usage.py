"""How the Python scripts are called: `--help` prints the text at their head, a wrong call is one sentence."""

import argparse


class Parser(argparse.ArgumentParser):
    """Options of a script, whose text tells all about them; refuses a wrong call with exit code 64."""

    def __init__(self, text):
        super().__init__(description=text, allow_abbrev=False)

    def format_help(self):
        return self.description.strip() + "\n"

    def error(self, message):
        self.exit(64, f"Error: {self.prog}: {message}; --help tells how to call it\n")
