#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyang.settings")
    if sys.argv[1:] == ["up"]:  # loads no apps, which would cost two seconds of the twelve a start may take
        from shouyang.up import main

        sys.exit(main())
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
