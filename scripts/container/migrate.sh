#!/bin/sh
# Bring Airflow's metadata up to date and make the pool in which one task at a time writes to the warehouse: without it
# scheduled tasks would wait forever. Safe to repeat.
set -eu
airflow db migrate
airflow pools set warehouse_writer 1 "one task at a time writes to the warehouse"
