# A systemd as the first process of namespaces inside a host. $1 names its control group.

mkdir -p /mnt/cgroup
mount -t cgroup2 cgroup2 /mnt/cgroup
mkdir "/mnt/cgroup/$1"
echo $$ > "/mnt/cgroup/$1/cgroup.procs"

# Nothing of the machine's own is started: what its units pull in stands in folders that are not copied.
for target in sysinit basic sockets shutdown nss-user-lookup; do
    cp "/usr/lib/systemd/system/$target.target" /run/units
done
printf '[Unit]\nRequires=keyfob.socket\n' > /run/units/default.target
# Where the tests install it; there is no journal either.
sed -i 's|/usr/bin/|/usr/local/bin/|; /^\[Service]/a StandardError=append:/run/daemon.log' /run/units/keyfob.service /run/units/keyfob-serve.service

exec unshare --mount --cgroup --pid --fork --kill-child --mount-proc --propagation private sh -euc '
    umount --recursive /sys/fs/cgroup
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
    container=other SYSTEMD_UNIT_PATH=/run/units exec /usr/lib/systemd/systemd --system --show-status=no
'
