"""The door for web servers: `shouyang.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyang.settings")

application = get_wsgi_application()

# What is loaded by now stays: the collector need not look through it again and again (`make bench`).
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
