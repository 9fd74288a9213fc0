"""The door for web servers: `shouyang.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouyang.settings")

application = get_wsgi_application()
