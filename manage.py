#!/usr/bin/env python3
"""The command line of Waybill: `manage.py serve` runs all of it."""

import atexit
import gc
import os
import sys


def main() -> None:
    # Python looks through all objects for cycles before it ends: most of a second, in each part that is to stop.
    atexit.register(gc.freeze)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharing.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import Error as DatabaseProblem

    try:
        if sys.argv[1:] == ["--version"]:
            from sharing.version import version

            sys.stdout.write(f"Waybill {version()}\n")
            return
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Waybill can't start: {error}")
    except DatabaseProblem as error:
        from sharing.http.outages import outage_of

        outage = outage_of(error)
        if not outage:
            raise
        sys.exit(f"{outage.detail} ({error})")
    except OSError as error:
        from sharing.home import in_words

        if not error.filename:
            raise
        sys.exit(f"Waybill has to stop: {in_words(error)}.")


if __name__ == "__main__":
    main()
