//! Store, policy and master key: what is refused, with which words, and that nothing is lost by it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod common;

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use common::{Machine, ask, command_line, name, refused, sshd, unusable};
use keyfob_authority::InitialisedStore::{InUse, New, There};
use keyfob_authority::{Authority, Initialised, Refused, init};
use keyfob_store::SqliteStore;

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Everything fails with this message, and works again once the damage is undone.
#[track_caller]
fn assert_unusable(damage: impl FnOnce(&Machine), undo: impl FnOnce(&Machine), message: &str) {
    let (machine, tokens) = Machine::with_devices(1);
    let code = tokens[0].code(machine.now());
    damage(&machine);
    let errors = [
        unusable(machine.authority.begin(&name("alice"), &sshd())),
        unusable(machine.authority.begin(&name("bob"), &sshd())),
        unusable(machine.answer("alice", &code)),
        unusable(machine.authority.devices()),
    ];
    for error in errors {
        assert!(error.to_string().contains(message), "{error}");
    }
    undo(&machine);
    assert_eq!(machine.begin("alice"), ask());
    assert!(machine.answer("alice", &code).is_ok());
    assert_eq!(refused(machine.answer("alice", &code)), Refused::AlreadyUsed);
}

#[test]
fn files_open_to_others_are_refused_with_the_command_that_mends_it() {
    for (mode, good, bad) in [(0o640, 0o600, "0600"), (0o604, 0o600, "0600"), (0o660, 0o600, "0600")] {
        let message = format!("chmod {bad} ");
        assert_unusable(
            |machine| set_mode(&machine.files.store, mode),
            |machine| set_mode(&machine.files.store, good),
            &message,
        );
        assert_unusable(
            |machine| set_mode(&machine.files.key, mode),
            |machine| set_mode(&machine.files.key, good),
            &message,
        );
    }
    for mode in [0o664, 0o646] {
        assert_unusable(
            |machine| set_mode(&machine.files.policy, mode),
            |machine| set_mode(&machine.files.policy, 0o644),
            "chmod 0644 ",
        );
    }
    assert_unusable(
        |machine| set_mode(machine.files.store.parent().unwrap(), 0o777),
        |machine| set_mode(machine.files.store.parent().unwrap(), 0o700),
        "chmod 0700 ",
    );
}

#[test]
fn missing_files_are_refused() {
    for (file, what) in
        [("store/keyfob.db", "store"), ("etc/master.key", "master key"), ("etc/keyfob.toml", "policy")]
    {
        let path = |machine: &Machine| machine.folder.path().join(file);
        assert_unusable(
            |machine| fs::rename(path(machine), path(machine).with_extension("away")).unwrap(),
            |machine| fs::rename(path(machine).with_extension("away"), path(machine)).unwrap(),
            &format!("the {what} "),
        );
    }
}

#[test]
fn links_and_folders_are_refused() {
    for (file, what) in
        [("store/keyfob.db", "store"), ("etc/master.key", "master key"), ("etc/keyfob.toml", "policy")]
    {
        let path = |machine: &Machine| machine.folder.path().join(file);
        let away = |machine: &Machine| path(machine).with_extension("away");
        let message = format!("the {what} ");
        assert_unusable(
            |machine| {
                fs::rename(path(machine), away(machine)).unwrap();
                symlink(away(machine), path(machine)).unwrap();
            },
            |machine| fs::rename(away(machine), path(machine)).unwrap(),
            &message,
        );
        assert_unusable(
            |machine| {
                fs::rename(path(machine), away(machine)).unwrap();
                fs::create_dir(path(machine)).unwrap();
            },
            |machine| {
                fs::remove_dir(path(machine)).unwrap();
                fs::rename(away(machine), path(machine)).unwrap();
            },
            &message,
        );
    }
}

#[test]
fn a_key_of_another_length_or_store_is_refused() {
    let keep =
        |machine: &Machine| fs::rename(&machine.files.key, machine.files.key.with_extension("kept")).unwrap();
    let write = |machine: &Machine, bytes: &[u8]| {
        fs::write(&machine.files.key, bytes).unwrap();
        set_mode(&machine.files.key, 0o600);
    };
    let restore =
        |machine: &Machine| fs::rename(machine.files.key.with_extension("kept"), &machine.files.key).unwrap();
    for (bytes, message) in [
        (&[7_u8; 32][..], "does not belong to the store"),
        (&[7; 31], "has 31 bytes instead of 32"),
        (&[7; 33], "has 33 bytes instead of 32"),
        (&[], "has 0 bytes instead of 32"),
    ] {
        assert_unusable(
            |machine| {
                keep(machine);
                write(machine, bytes);
            },
            restore,
            message,
        );
    }
}

#[test]
fn a_typing_mistake_in_the_policy_is_refused() {
    assert_unusable(
        |machine| fs::write(&machine.files.policy, "[sign_in]\ntotp_stepz = 3\n").unwrap(),
        |machine| fs::write(&machine.files.policy, "").unwrap(),
        "line 2: unknown field `totp_stepz`",
    );
}

#[test]
fn the_policy_holds_at_the_next_act() {
    let (machine, tokens) = Machine::with_devices(1);
    fs::write(&machine.files.policy, "[sign_in]\ntotp_steps = 3\n").unwrap();
    assert!(machine.answer("alice", &tokens[0].code(machine.now() - 90)).is_ok());
}

#[test]
fn changed_and_swapped_rows_do_not_open() {
    let swap =
        "UPDATE device SET sealed = (SELECT sealed FROM device AS other WHERE other.serial <> device.serial)";
    for change in [
        swap,
        "UPDATE device SET digits = 8 WHERE serial = 'T1'",
        "UPDATE device SET period = 60 WHERE serial = 'T1'",
        "UPDATE device SET generation = x'0000000000000000' WHERE serial = 'T1'",
        "UPDATE device SET serial = 'T3' WHERE serial = 'T1'",
        "UPDATE account SET name = 'temp' WHERE name = 'alice'; UPDATE account SET name = 'alice' WHERE name = 'bob'; \
         UPDATE account SET name = 'bob' WHERE name = 'temp'; UPDATE account SET uid = NULL",
    ] {
        let (machine, tokens) = Machine::with_devices(2);
        machine.authority.add_account(&name("bob"), &command_line()).unwrap();
        machine.tamper(change);
        let victim = if change.contains("bob") { "bob" } else { "alice" };
        let error = unusable(machine.answer(victim, &tokens[0].code(machine.now())));
        assert!(error.to_string().contains("does not open"), "{change}: {error}");
    }
}

#[test]
fn what_cannot_be_decided_undoes_what_was_written_before() {
    let (machine, _) = Machine::with_devices(2);
    machine.tamper("UPDATE device SET sealed = x'00' WHERE serial = 'T2'");
    let before = (machine.authority.devices().unwrap(), machine.events());
    let error = unusable(machine.authority.remove_account(&name("alice"), &command_line()));
    assert!(error.to_string().contains("T2 does not open"), "{error}");
    assert_eq!((machine.authority.devices().unwrap(), machine.events()), before);
}

#[test]
fn a_secret_never_stands_in_the_store_in_the_clear() {
    let (machine, tokens) = Machine::with_devices(1);
    let everything: Vec<u8> = fs::read_dir(machine.files.store.parent().unwrap())
        .unwrap()
        .flat_map(|entry| fs::read(entry.unwrap().path()).unwrap())
        .collect();
    let secret = tokens[0].imported().secret;
    let found = |bytes: &[u8]| everything.windows(bytes.len()).any(|window| window == bytes);
    assert!(!found(&secret.expose()[..8]));
    assert!(found(b"alice"));
}

#[test]
fn init_makes_what_is_missing_and_nothing_else() {
    let (machine, _) = Machine::with_devices(1);
    let again = || init(&machine.files, &machine.surroundings()).map_err(|error| error.to_string());
    assert_eq!(again(), Ok(Initialised { store: There, policy: false, key: false }));
    fs::remove_file(&machine.files.policy).unwrap();
    assert_eq!(again(), Ok(Initialised { store: There, policy: true, key: false }));
    assert_eq!(machine.authority.devices().unwrap().len(), 1);
    fs::remove_file(&machine.files.key).unwrap();
    let error = again().unwrap_err();
    assert!(error.contains("master key") && error.contains("does not exist"), "{error}");
    assert!(!machine.files.key.exists());
}

#[test]
fn init_beside_a_process_that_has_the_store_open_says_so() {
    let machine = Machine::new();
    let held = SqliteStore::open(&machine.files.store).unwrap();
    let again = || init(&machine.files, &machine.surroundings()).unwrap();
    assert_eq!(again(), Initialised { store: InUse, policy: false, key: false });
    drop(held);
    assert_eq!(again(), Initialised { store: There, policy: false, key: false });
}

#[test]
fn init_again_after_an_interruption_finishes() {
    let machine = Machine::new();
    fs::remove_dir_all(machine.files.store.parent().unwrap()).unwrap();
    fs::write(machine.files.key.with_extension("new"), "left behind").unwrap();
    let made = init(&machine.files, &machine.surroundings()).unwrap();
    assert_eq!(made, Initialised { store: New, policy: false, key: false });
    assert!(machine.authority.devices().unwrap().is_empty());
}

#[test]
fn everything_init_makes_is_for_its_owner_alone() {
    let machine = Machine::new();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode(machine.files.store.parent().unwrap()), 0o700);
    for entry in fs::read_dir(machine.files.store.parent().unwrap()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    assert_eq!(mode(&machine.files.key), 0o600);
    assert_eq!(mode(&machine.files.policy), 0o644);
}
