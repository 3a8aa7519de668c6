#!/usr/bin/env bash
# Set up SLURM on this machine alone, run members of a case as its jobs, take it down.
#
#     tools/slurm_one_node.sh [CASE [MEMBERS]]
#
# Needs Debian's slurm-wlm and munge, and the extra cluster; runs as root or as any user.
# All files are in a temporary folder, all ports on the loopback address.
set -euo pipefail
cd "$(dirname "$0")/.."
case=${1:-toy} members=${2:-1024}
python=${PYTHON:-.venv/bin/python}
export PATH=$PATH:/usr/sbin
for program in munged slurmctld slurmd; do
    command -v "$program" >/dev/null || {
        echo "$program is not installed; apt-get install slurm-wlm munge adds it" >&2
        exit 2
    }
done

work=$(mktemp -d) user=$(id -un) node=$(hostname -s) daemons=()
export SLURM_CONF="$work/slurm.conf"

take_down() {
    set +e
    scancel --user "$user"
    sleep 2
    for ((last = ${#daemons[@]} - 1; last >= 0; last--)); do
        kill "${daemons[last]}"
        wait "${daemons[last]}"
    done
    rm -rf "$work"
}
trap take_down EXIT

mkdir -m 700 "$work/munge"
mkdir "$work/state" "$work/spool" "$work/logs"
chmod 755 "$work"
(umask 077 && head -c 1024 /dev/urandom >"$work/munge/key")
munged --foreground --force --key-file "$work/munge/key" --socket "$work/socket" \
    --pid-file "$work/munge/pid" --seed-file "$work/munge/seed" \
    --log-file "$work/munge/log" 2>"$work/logs/munged" &
daemons+=($!)

cat >"$SLURM_CONF" <<END
ClusterName=one
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=$user
SlurmdUser=$user
AuthInfo=socket=$work/socket
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
MailProg=/bin/true
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=8000
PartitionName=all Nodes=ALL Default=YES MaxTime=60 State=UP
END
slurmctld -D 2>"$work/logs/slurmctld" &
daemons+=($!)
slurmd -D 2>"$work/logs/slurmd" &
daemons+=($!)
for _ in $(seq 60); do
    [[ $(sinfo --noheader --format %T 2>/dev/null) == idle ]] && break
    sleep 1
done
sinfo || { tail "$work"/logs/*; exit 1; }

"$python" - "$case" "$members" "$work/logs" <<'PYTHON'
import subprocess
import sys
import time

from dask_jobqueue import SLURMCluster
from distributed import Client

import supplyline as sl


def main(name, members, logs):
    case = sl.load_case(name)
    with SLURMCluster(
        queue="all", cores=1, processes=1, memory="3GB", walltime="00:30:00",
        interface="lo", local_directory=logs, log_directory=logs,
        scheduler_options={"dashboard_address": "127.0.0.1:0"},
        worker_extra_args=["--dashboard-address", "127.0.0.1:0"],
    ) as jobs:
        jobs.scale(jobs=2)
        with Client(jobs, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
            print(subprocess.run(["squeue"], capture_output=True, text=True).stdout)
            with sl.cluster(client) as executor:
                started = time.perf_counter()
                there = sl.simulate(case, members=members, executor=executor)
                took_s = time.perf_counter() - started
                print(f"{members:,} members of {name} on {executor.words}: {took_s:.1f} s")
    here = sl.simulate(case, members=members)
    assert there.daily.identical(here.daily)
    assert there.weekly.identical(here.weekly)
    print("Identical to a run in threads.")


main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
PYTHON
