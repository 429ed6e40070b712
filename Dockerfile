# One image for every Airflow component and for the `social-roi` command: the locked environment, the project, no more.
FROM python:3.12.11-slim-bookworm AS build

WORKDIR /opt/social-roi
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY pipelines pipelines
COPY expectations expectations
RUN .venv/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation --editable .


FROM python:3.12.11-slim-bookworm

# Group 0 may write where work is done, so that the container can run under any user id (SOCIAL_ROI_UID in .env):
# then the files in the mounted folders belong to the person who owns these folders.
RUN useradd --uid 50000 --gid 0 --create-home --home-dir /home/roi roi \
    && mkdir --parents /data /opt/airflow/logs \
    && chown --recursive roi:0 /data /opt/airflow /home/roi \
    && chmod --recursive g=u /data /opt/airflow /home/roi

COPY --from=build /opt/social-roi /opt/social-roi
WORKDIR /opt/social-roi
COPY dbt_project dbt_project
COPY dags dags
COPY scripts/container scripts/container

ENV PATH=/opt/social-roi/.venv/bin:$PATH \
    HOME=/home/roi \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SOCIAL_ROI_HOME=/data \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/social-roi/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False

USER roi
CMD ["social-roi", "--help"]
