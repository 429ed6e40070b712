# The image with Celery in it. The lock of the project does not hold Celery, so that nobody who runs nights on one machine
# carries it: the provider's version is fixed here, and what the lock holds stays as locked (--constraint).
FROM social-roi:0.1.0

USER root
COPY requirements.lock /tmp/requirements.lock
RUN sed -n 's/ *\\$//; /^[a-z0-9._-]*==/p' /tmp/requirements.lock > /tmp/locked.txt \
    && /opt/social-roi/.venv/bin/python -m pip install --no-cache-dir --constraint /tmp/locked.txt \
        "apache-airflow-providers-celery==3.26.0" "celery==5.6.3" "redis==8.1.0" \
    && rm /tmp/requirements.lock /tmp/locked.txt
USER roi
