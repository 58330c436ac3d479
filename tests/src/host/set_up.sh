# What a host of its own is made of, as the first process of its namespaces. $1 becomes /dev, $2 holds what is installed.

for device in null zero full random urandom tty; do
    : > "$1/$device"
    mount --bind "/dev/$device" "$1/$device"
done
mkdir "$1/pts" "$1/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=tty devpts "$1/pts"
ln -s pts/ptmx "$1/ptmx"
ln -s /proc/self/fd "$1/fd"

# The real machine's files show through; what is written goes away with the namespace.
mount -t tmpfs -o mode=0755 tmpfs /mnt
cover() {
    mkdir -p "/mnt/$1/upper" "/mnt/$1/work"
    mount -t overlay -o "lowerdir=/$1,upperdir=/mnt/$1/upper,workdir=/mnt/$1/work" overlay "/$1"
}
cover etc
cover var
cover usr/local/bin
cover lib/x86_64-linux-gnu/security

install -m 0755 "$2/keyfob" "$2/pam_driver" "$2/askpass" /usr/local/bin
install -m 0644 "$2/pam_keyfob.so" /lib/x86_64-linux-gnu/security
mount --rbind "$1" /dev

mount -t tmpfs -o mode=0755 tmpfs /home
mount -t tmpfs -o mode=0700 tmpfs /root
mount -t tmpfs -o mode=0755 tmpfs /run
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir /run/sshd
ip link set lo up
rm -f /etc/nologin

password=$(openssl passwd -6 -salt keyfob "$3")
for account in alice bob carol; do
    useradd --create-home --shell /bin/bash --password "$password" "$account"
done
echo "Defaults timestamp_timeout=5, passwd_tries=1
alice ALL=(ALL) ALL
bob ALL=(ALL) ALL" > /etc/sudoers.d/keyfob
chmod 0440 /etc/sudoers.d/keyfob

keyfob init > /dev/null
echo ready
read -r _ || true
