//! Sign-ins through the daemon, and through one that is down, hung, slow, talks nonsense or comes back in the middle.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    collections::HashMap,
    io::{Read, Write},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixListener, UnixStream},
    },
    thread,
    time::Duration,
};

use keyfob_tests::{
    Enrolled, Site,
    aftermath::Aftermath,
    site::me,
    strace,
    token::Kind,
    wire::{self, Reply},
};

const UNAVAILABLE: &str = "PAM_AUTHINFO_UNAVAIL";

fn with_fob() -> (Site, Enrolled) {
    let site = Site::with_log();
    let fob = site.enroll(&me(), "T1", Kind::Hotp);
    site.logged();
    (site, fob)
}

#[track_caller]
fn refused_as_unavailable(site: &Site, prompts: usize, reason: &str) {
    let record = site.sign_in(&me()).answer("123456").run().unwrap();
    assert_eq!(record.summary(), (prompts, UNAVAILABLE), "{record}");
    let logged = site.logged().join("\n");
    assert!(logged.contains(reason), "{logged}");
}

#[test]
fn a_code_is_let_in_once_through_the_daemon() {
    let (site, mut fob) = with_fob();
    let daemon = site.start_daemon(&[]);
    let code = fob.code();
    assert_eq!(site.sign_in(&me()).answer(&code).run().unwrap().summary(), (1, "PAM_SUCCESS"));
    assert_eq!(site.sign_in(&me()).answer(&code).run().unwrap().summary(), (1, "PAM_AUTH_ERR"));
    assert_eq!(site.sign_in(&me()).answer(&fob.wrong_code()).run().unwrap().outcome(), "PAM_AUTH_ERR");
    assert_eq!(site.sign_ins(&me()), ["accepted", "already-used", "wrong-code"]);
    assert_eq!(site.failures(&me()), 1);
    let (stopped_well, log) = daemon.stop().unwrap();
    assert!(stopped_well && log.contains("stopped"), "{log}");
    // What it did is there for whoever opens the store itself.
    assert_eq!(site.failures(&me()), 1);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn one_that_was_killed_refuses_until_it_is_started_again() {
    let (site, mut fob) = with_fob();
    site.start_daemon(&[]).kill().unwrap();
    refused_as_unavailable(&site, 0, "nothing answers there: start `keyfob daemon`");
    let _again = site.start_daemon(&[]);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn one_that_a_test_starts_ends_with_it() {
    let (site, _) = with_fob();
    let _daemon = thread::scope(|scope| scope.spawn(|| site.start_daemon(&[])).join().unwrap());
    let ends = (0..1000).any(|_| {
        thread::sleep(Duration::from_millis(10));
        UnixStream::connect(site.socket()).is_err()
    });
    assert!(ends, "it serves although the thread that has started it is gone");
}

#[test]
fn one_that_hangs_refuses() {
    let (site, mut fob) = with_fob();
    let daemon = site.start_daemon(&[]);
    daemon.signal("STOP").unwrap();
    refused_as_unavailable(&site, 0, "no answer within 5 s");
    daemon.signal("CONT").unwrap();
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn one_that_hangs_after_the_prompt_refuses() {
    let (site, mut fob) = with_fob();
    let daemon = site.start_daemon(&[]);
    let mut running = site.sign_in(&me()).start().unwrap();
    running.wait_for("prompt").unwrap();
    daemon.signal("STOP").unwrap();
    running.give(&fob.code()).unwrap();
    assert_eq!(running.finish().unwrap().0.outcome(), UNAVAILABLE);
}

#[test]
fn one_that_is_restarted_in_the_middle_lets_in() {
    let (site, mut fob) = with_fob();
    let mut daemon = site.start_daemon(&[]);
    let mut running = site.sign_in(&me()).start().unwrap();
    running.wait_for("prompt").unwrap();
    daemon.kill().unwrap();
    let _again = site.start_daemon(&[]);
    running.give(&fob.code()).unwrap();
    assert_eq!(running.finish().unwrap().0.outcome(), "PAM_SUCCESS");
}

#[test]
fn one_that_goes_away_in_the_middle_refuses() {
    let (site, mut fob) = with_fob();
    let mut daemon = site.start_daemon(&[]);
    let mut running = site.sign_in(&me()).start().unwrap();
    running.wait_for("prompt").unwrap();
    daemon.kill().unwrap();
    running.give(&fob.code()).unwrap();
    assert_eq!(running.finish().unwrap().0.outcome(), UNAVAILABLE);
}

/// Each answer to `begin` is one that no daemon gives; the last one's beginning would be a good answer to another question.
#[test]
fn nonsense_refuses() {
    const ANSWERS: [&[u8]; 8] = [
        b"",
        b"\x01",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"\x02\x00\x00\x00\x01\x00",
        b"\x01\xff\xff\xff\xff",
        b"\x01\x00\x00\x00\x02\xff\xff",
        // Progress, which nobody asked for.
        b"\x01\x00\x00\x00\x02\x00\x01",
        // Done, with nothing.
        b"\x01\x00\x00\x00\x02\x01\x00",
    ];
    let (site, _) = with_fob();
    for answer in ANSWERS {
        let listener = UnixListener::bind(site.socket()).unwrap();
        let server = thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            // The version and the length of what is asked.
            connection.read_exact(&mut [0; 5]).unwrap();
            // It may have hung up already.
            let _ = connection.write_all(answer);
        });
        refused_as_unavailable(&site, 0, "can't be asked: ");
        server.join().unwrap();
        std::fs::remove_file(site.socket()).unwrap();
    }
}

/// A byte now and then keeps no sign-in waiting for ever.
#[test]
fn one_that_dribbles_refuses() {
    let (site, _) = with_fob();
    let listener = UnixListener::bind(site.socket()).unwrap();
    let server = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        dribble(&mut connection)
    });
    refused_as_unavailable(&site, 0, "no answer within 5 s");
    assert!(server.join().unwrap() < 100, "it had to end by itself");
}

fn dribble(connection: &mut UnixStream) -> usize {
    let long = [1, 0, 0, 0, 100].into_iter().chain([0; 95]);
    long.take_while(|byte| {
        thread::sleep(Duration::from_millis(200));
        connection.write_all(&[*byte]).is_ok()
    })
    .count()
}

/// Nobody is let in by a code that was accepted before, whatever became of the daemon, and nobody is locked out.
#[test]
fn killed_at_any_moment() {
    let site = Site::new();
    let mut fob = site.enroll(&me(), "T1", Kind::Hotp);
    let mut aftermath = Aftermath::default();
    for trial in 0..100_u64 {
        let mut daemon = site.start_daemon(&[]);
        let code = fob.code();
        let mut running = site.sign_in(&me()).start().unwrap();
        running.wait_for("prompt").unwrap();
        running.give(&code).unwrap();
        thread::sleep(Duration::from_micros(trial * 7919 % 3000));
        daemon.kill().unwrap();
        let (record, _) = running.finish().unwrap();
        // From here on the store is opened by each process itself.
        std::fs::remove_file(site.socket()).unwrap();
        aftermath.add(&site, &mut fob, &code, &record).unwrap();
    }
    println!("of 100 daemons killed after the answer, {aftermath}");
    assert_eq!(site.failures(&me()), 0);
}

#[test]
fn an_ordinary_sign_in_costs_one_flush() {
    let (site, mut fob) = with_fob();
    let trace = site.path("trace");
    let strace =
        ["strace", "-f", "-o", trace.to_str().unwrap(), "-e", "trace=fsync,fdatasync,sync_file_range"];
    let _daemon = site.start_daemon(&strace);
    let before = strace::trace(&site).lines().count();
    for _ in 0..10 {
        assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().outcome(), "PAM_SUCCESS");
    }
    let flushes = strace::trace(&site).lines().count() - before;
    println!("10 sign-ins cost {flushes} flushes");
    assert_eq!(flushes, 10);
}

/// Each answer comes after a flush that came after its request, and a crowd shares them.
#[test]
fn a_crowd_waits_for_the_disk_together() {
    const CROWD: usize = 8;
    const TIMES: usize = 10;
    let site = Site::new();
    let mut fobs: Vec<_> =
        (0..CROWD).map(|number| site.enroll(&me(), &format!("T{number}"), Kind::Hotp)).collect();
    let trace = site.path("trace");
    let calls = "trace=fdatasync,recvfrom,sendto";
    let _daemon = site.start_daemon(&["strace", "-f", "-o", trace.to_str().unwrap(), "-e", calls]);
    for _ in 0..TIMES {
        let codes: Vec<String> = fobs.iter_mut().map(Enrolled::code).collect();
        let asked = codes.into_iter().map(|code| {
            let (socket, message) = (site.socket(), wire::answer(&me(), &code, 0));
            thread::spawn(move || wire::send(&socket, &message).and_then(wire::receive).unwrap())
        });
        for reply in asked.collect::<Vec<_>>() {
            assert_eq!(reply.join().unwrap(), Reply::SignedIn);
        }
    }
    let (flushes, answers) = flushes_before_answers(&strace::trace(&site));
    println!("{answers} sign-ins, {CROWD} at a time, cost {flushes} flushes");
    assert_eq!(answers, CROWD * TIMES);
    assert!(flushes < answers, "each has waited for the disk by itself");
}

/// How many flushes and answers a trace of the daemon's has; between a request and its answer there is a flush.
fn flushes_before_answers(trace: &str) -> (usize, usize) {
    let (mut flushes, mut answers, mut asked_at) = (0, 0, HashMap::new());
    for line in trace.lines() {
        let (thread, call) = line.split_once(' ').unwrap();
        if call.contains("fdatasync") && call.ends_with("= 0") {
            flushes += 1;
        } else if call.contains("recvfrom") && !call.ends_with("unfinished ...>") {
            asked_at.insert(thread, flushes);
        } else if call.trim_start().starts_with("sendto(") {
            answers += 1;
            assert!(asked_at[thread] < flushes, "answered before it was on disk: {line}");
        }
    }
    (flushes, answers)
}

#[test]
fn what_is_not_on_disk_is_not_answered() {
    let (site, mut fob) = with_fob();
    let failing = ["strace", "-f", "-o", "/dev/null", "-e", "inject=fdatasync:error=EIO"];
    let mut daemon = site.start_daemon(&failing);
    let record = site.sign_in(&me()).answer(&fob.code()).run().unwrap();
    assert_eq!(record.summary(), (1, UNAVAILABLE), "{record}");
    daemon.kill().unwrap();
    let _again = site.start_daemon(&[]);
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().summary(), (1, "PAM_SUCCESS"));
}

#[test]
fn the_policys_command_is_told_what_owners_are_told() {
    let (site, mut fob) = with_fob();
    let (command, told) = (site.path("notify"), site.path("told"));
    std::fs::write(
        &command,
        format!("#!/bin/sh\nwhile read -r line; do echo \"$line\" >> {}; done\n", told.display()),
    )
    .unwrap();
    std::fs::set_permissions(&command, std::fs::Permissions::from_mode(0o755)).unwrap();
    let policy = std::fs::read_to_string(site.policy()).unwrap();
    let setting = format!("command = [\"{}\"]", command.display());
    std::fs::write(site.policy(), policy.replace("#command = []", &setting)).unwrap();
    let _daemon = site.start_daemon(&[]);
    let refused = site.sign_in(&me()).answer(&fob.wrong_code()).run().unwrap();
    assert_eq!(refused.outcome(), "PAM_AUTH_ERR");
    let recovery_codes = site.keyfob_done(&["recovery-codes", "--user", &me()]);
    let recovery_code = recovery_codes.lines().next().unwrap();
    assert_eq!(site.sign_in(&me()).answer(recovery_code).run().unwrap().outcome(), "PAM_SUCCESS");
    let [code1, code2] = [fob.code(), fob.code()];
    let pair = ["--code1", &code1, "--code2", &code2];
    site.keyfob_done(&[&["resync", "--user", &me(), "--serial", "T1"], &pair[..]].concat());
    let _other = site.enroll(&me(), "T2", Kind::Hotp);
    site.keyfob_done(&["disable", "--user", &me(), "--serial", "T2"]);
    let events = [
        ("codes-refused", "null", "pam:keyfob"),
        ("recovery-code-used", "null", "pam:keyfob"),
        ("resynchronised", "\"T1\"", "command-line"),
        ("associated", "\"T2\"", "command-line"),
        ("deactivated", "\"T2\"", "command-line"),
    ];
    let lines = (0..500).find_map(|_| {
        thread::sleep(Duration::from_millis(20));
        let lines = std::fs::read_to_string(&told).ok()?;
        (lines.matches('\n').count() == events.len()).then_some(lines)
    });
    let lines = lines.expect("a line for each event");
    for (line, (event, serial, door)) in lines.lines().zip(events) {
        let (name, event, door) = (format!("\"{}\"", me()), format!("\"{event}\""), format!("\"{door}\""));
        assert_is_object(line, [&name, &event, serial, &door]);
    }
    assert_eq!(site.sign_in(&me()).answer(&fob.code()).run().unwrap().outcome(), "PAM_SUCCESS");
}

/// One object a line, with what is told of an event.
fn assert_is_object(line: &str, [name, event, serial, door]: [&str; 4]) {
    assert!(line.starts_with('{') && line.ends_with('}') && line.contains("\"time\":"), "{line}");
    for (field, value) in
        [("user_name", name), ("event", event), ("serial_number", serial), ("door", door), ("remote", "null")]
    {
        assert!(line.contains(&format!("\"{field}\":{value}")), "{field} {value}: {line}");
    }
}
