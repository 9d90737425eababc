"""The web server's door into Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "waymark.config.settings")
_application = get_wsgi_application()

# What stands above all apps is known only after Django is set up.
from waymark.web.kept_pages import KeptPages  # noqa: E402

application = KeptPages(_application)
