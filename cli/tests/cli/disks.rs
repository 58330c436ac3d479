//! A full and a read-only disk.

use std::process::Command;

use crate::oathtool::{TOTP, csv};
use crate::site::{KEYFOB, Site, run};

/// In a mount namespace of its own: a small disk that is full, then has room, then is read-only, then can be
/// written again. Signing in goes on while the disk is full, since the store's log has been grown ahead; a
/// large import does not.
const DISKS: &str = r#"
    keyfob() { "$KEYFOB" "$@" --store "$FOLDER/disk/keyfob.db" --config "$FOLDER/disk/keyfob.toml" || echo "exit code $?"; }
    cd "$FOLDER"
    mkdir disk
    mount -t tmpfs -o size=32m,mode=700 none disk
    cp -p keyfob.db* keyfob.toml master.key disk
    cat /dev/zero > disk/fill 2> /dev/null || true
    keyfob verify --user daemon --code "$CODE"
    keyfob device import many.csv
    keyfob device list --json | grep -c serial_number
    rm disk/fill
    keyfob device import many.csv
    mount -o remount,bind,ro disk
    keyfob verify --user daemon --code "$CODE"
    mount -o remount,bind,rw disk
    keyfob verify --user daemon --code "$CODE"
"#;

#[test]
fn a_full_or_read_only_disk_is_named_and_loses_nothing() {
    let (site, step) = Site::with_associated(TOTP);
    let line = csv(&[TOTP]).lines().nth(1).unwrap().to_owned() + "\n";
    let lines: String = (0..12_000).map(|number| line.replace(TOTP.serial, &format!("T-{number}"))).collect();
    site.write("many.csv", &(csv(&[]) + &lines));
    let folder = site.store().parent().unwrap().to_owned();
    let store = folder.join("disk/keyfob.db");
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-euc", DISKS]);
    command.env("KEYFOB", KEYFOB).env("FOLDER", &folder).env("CODE", TOTP.code(step + 1));
    let answer = run(command, "");
    let expected =
        "Accepted: device GAHT12345678\nexit code 3\n1\nImported 12000 devices.\nexit code 3\nexit code 1\n";
    assert_eq!(answer.out, expected, "{answer:?}");
    let expected = format!(
        "keyfob: the disk of the store {store} is full: make room, then try again\n\
         keyfob: the store {store} can't be written: make its disk and folder writable\n\
         keyfob: that code was already used: wait for the next one\n",
        store = store.display()
    );
    assert_eq!(answer.err, expected);
}
