#!/bin/sh
# Starts Airflow's API server. The password of `admin` comes from the environment: left alone, Airflow's simple auth
# manager would invent one and write it to the log.
set -eu
umask 077
passwords="${AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE:?names the file with the password of admin}"
: "${AIRFLOW_ADMIN_PASSWORD:?is the password of admin}"
python -c 'import json, os; print(json.dumps({"admin": os.environ["AIRFLOW_ADMIN_PASSWORD"]}))' >"$passwords"
unset AIRFLOW_ADMIN_PASSWORD
exec airflow api-server
