#!/usr/bin/env bash
# slurm.sh COMMAND...: runs COMMAND beside a Slurm of its own (munged, slurmctld and $NODES slurmd, each a node of one CPU).
#
# Needs root and the Debian packages slurmctld slurmd slurm-client munge; exits 77 where they are missing. No systemd, no
# cgroups, no accounting: everything lives in a new folder, in network and process namespaces of its own. Whatever ends this
# script, kill -9 too, ends all daemons and jobs.
#
# COMMAND finds SLURM_CONF in its environment, and on its PATH
#   node-power off NAME   kills slurmd and all that runs on the node, at once
#   node-power on NAME    starts slurmd again
set -euo pipefail

fail() { echo "slurm.sh: $1" >&2; exit 77; }

if [ "${SLURM_SH_INSIDE:-}" != 1 ]; then
  [ "$(id -u)" = 0 ] || fail 'needs root'
  for tool in munged slurmctld slurmd sbatch unshare setpriv ip; do
    command -v "$tool" >/dev/null || fail "needs $tool"
  done
  SLURM_HOME=$(mktemp -d /tmp/slurm-test.XXXXXX)
  chmod 755 "$SLURM_HOME"
  export SLURM_HOME SLURM_SH_INSIDE=1
  # unshare does not hear signals: its death, which the kernel sends when this shell dies, takes the namespace along.
  setpriv --pdeathsig KILL unshare --net --pid --fork --kill-child --mount-proc "$(realpath "$0")" "$@" &
  inside=$!
  trap 'kill -9 $inside 2>/dev/null' TERM INT HUP
  code=0
  wait $inside || code=$?
  rm -rf "$SLURM_HOME"
  exit $code
fi

unset SLURM_SH_INSIDE
home=$SLURM_HOME nodes=${NODES:-2} host=$(hostname -s) first_port=7000
mkdir -p "$home"/{bin,log,state,spool,munge}
chmod 755 "$home/munge"
export SLURM_CONF=$home/slurm.conf PATH=$home/bin:$PATH

# getaddrinfo with AI_ADDRCONFIG, which Slurm uses, counts 127.0.0.1 for no address; another one of the loopback's counts.
ip link set lo up
ip address add 127.0.0.2/8 dev lo

cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$first_port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A job that is queued again waits until its credential has expired.
AuthInfo=socket=$home/munge/socket,cred_expire=5
StateSaveLocation=$home/state
SlurmctldPidFile=$home/slurmctld.pid
SlurmctldLogFile=$home/log/slurmctld.log
SlurmdPidFile=$home/%n.pid
SlurmdLogFile=$home/log/%n.log
SlurmdSpoolDir=$home/spool/%n
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,sched_min_interval=0,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobRequeue=1
KillWait=15
MinJobAge=600
MaxArraySize=51
# After so long without slurmd a node is DOWN and its jobs are queued again; it is IDLE once slurmd is back.
SlurmdTimeout=8
ReturnToService=2
GresTypes=gpu
CONF
for i in $(seq "$nodes"); do
  mkdir -p "$home/spool/n$i"
  echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((first_port + i)) CPUs=1 RealMemory=4096 Gres=gpu:1" >>"$SLURM_CONF"
  echo "NodeName=n$i Name=gpu File=/dev/null" >>"$home/gres.conf"
done
cat >>"$SLURM_CONF" <<'CONF'
PartitionName=all Nodes=ALL Default=YES MaxTime=60 State=UP PriorityTier=1
PartitionName=urgent Nodes=ALL MaxTime=60 State=UP PriorityTier=2 PreemptMode=OFF
CONF

cat >"$home/bin/node-power" <<'SCRIPT'
#!/usr/bin/env bash
# Of a job's processes each knows its node by its environment; the parent of its script is the step daemon.
set -u
[ "$1" = off ] || exec slurmd -f "$SLURM_CONF" -N "$2"
condemned=$(cat "$SLURM_HOME/$2.pid")
for pid in $(cd /proc && ls -d [0-9]*); do
  tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qx "SLURMD_NODENAME=$2" || continue
  parent=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status" 2>/dev/null)
  grep -qx slurmstepd "/proc/$parent/comm" 2>/dev/null && condemned+=" $parent"
  condemned+=" $pid"
done
kill -9 $condemned 2>/dev/null
exit 0
SCRIPT
chmod +x "$home/bin/node-power"

# munged refuses a key that others may read.
(umask 077 && head -c 256 /dev/urandom >"$home/munge/key")
munged --key-file="$home/munge/key" --socket="$home/munge/socket" --pid-file="$home/munge/pid" \
  --log-file="$home/log/munged.log" --seed-file="$home/munge/seed"
slurmctld -f "$SLURM_CONF" -c
for i in $(seq "$nodes"); do slurmd -f "$SLURM_CONF" -N "n$i"; done
for _ in $(seq 200); do
  [ "$(sinfo -h -N -p all -o %T 2>/dev/null | grep -c '^idle$')" = "$nodes" ] && break
  sleep 0.1
done

code=0
"$@" || code=$?
if [ $code != 0 ]; then tail -n 20 "$home"/log/*.log >&2; fi
exit $code
