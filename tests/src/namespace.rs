//! A place apart: a mount namespace with a `/dev/log` of its own and, if wanted, a small disk.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::fs::MetadataExt,
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::Result;

/// $1 becomes /dev; $2, unless it is empty, becomes a disk of the size $3.
const SET_UP: &str = r#"
for device in null zero random urandom tty; do
    : > "$1/$device"
    mount --bind "/dev/$device" "$1/$device"
done
mount --rbind "$1" /dev
if [ -n "$2" ]; then mount -t tmpfs -o "size=$3,mode=0700" tmpfs "$2"; fi
echo ready
read -r _ || true
"#;

/// A mount namespace, kept as long as this lives. An ordinary user is root in it, over their own files only.
#[derive(Debug)]
pub struct Namespace {
    holder: Child,
    entering: Vec<String>,
}

impl Namespace {
    /// Makes one in which `dev` is `/dev`, and a disk of that size (`400k`) is mounted on a folder.
    ///
    /// # Errors
    /// The system doesn't allow it.
    pub fn new(dev: &Path, disk: Option<(&Path, &str)>) -> Result<Self> {
        let (folder, size) = disk.unwrap_or((Path::new(""), ""));
        let mut unshare = Command::new("unshare");
        if !is_root()? {
            unshare.arg("--map-root-user");
        }
        unshare
            .args(["--mount", "--propagation", "private", "sh", "-euc", SET_UP, "sh"])
            .arg(dev)
            .arg(folder)
            .arg(size);
        let mut holder = unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut ready = String::new();
        BufReader::new(holder.stdout.take().ok_or("no pipe")?).read_line(&mut ready)?;
        if ready != "ready\n" {
            holder.wait()?;
            return Err(
                "no namespace: the tests need root, or a kernel that gives user namespaces to everyone"
                    .into(),
            );
        }
        let entering = entering(holder.id())?;
        Ok(Self { holder, entering })
    }

    /// The command line with which a program runs inside: its own follows.
    #[must_use]
    pub fn entering(&self) -> &[String] {
        &self.entering
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Its end is the end of its input.
        drop(self.holder.stdin.take());
        drop(self.holder.wait());
    }
}

fn entering(holder: u32) -> Result<Vec<String>> {
    let mut words = vec!["nsenter".to_owned(), format!("--target={holder}"), "--mount".to_owned()];
    if !is_root()? {
        words.extend(["--user".to_owned(), "--preserve-credentials".to_owned()]);
    }
    words.push("--".to_owned());
    Ok(words)
}

/// Does this process run as root?
///
/// # Errors
/// The system doesn't say.
pub fn is_root() -> Result<bool> {
    Ok(fs::metadata("/proc/self")?.uid() == 0)
}
