#!/usr/bin/env python3
"""The command line of Waybill: `manage.py serve` runs all of it."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharing.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Waybill cannot start: {error}")


if __name__ == "__main__":
    main()
