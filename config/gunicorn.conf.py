"""gunicorn's recommended settings; whatever the command line says comes first.

The carrier gives up on a request after 15 seconds and the service answers every one within 4 or
5, so a worker that is silent for 20 is broken.
"""

bind = "127.0.0.1:8080"
workers = 2
worker_class = "gthread"
threads = 16
timeout = 20
graceful_timeout = 20
keepalive = 5
# Requests of the carrier are small; anything larger is somebody else's.
limit_request_line = 4094
limit_request_fields = 100
# One line a webhook is written by the service itself.
accesslog = None
errorlog = "-"
# It would be opened in the home folder; the instance's folder is all the service writes to.
control_socket_disable = True
