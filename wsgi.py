"""What gunicorn serves: `gunicorn wsgi:app`, with nothing but the environment."""

import os

from ivr.app import create_app, make_services
from ivr.settings import Settings

app = create_app(make_services(Settings.from_environment(os.environ).for_telephony()))
