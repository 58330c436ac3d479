//! The service under abuse: what is sent again, cut off, dribbled and held open, and services that end in the middle of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    thread,
    time::Duration,
};

use keyfob_tests::{
    Served, clients, command,
    served::{SERIAL, USER, device, is, is_done, rest},
};

const IDLE: usize = 1000;

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[test]
fn what_was_signed_is_done_once_whatever_is_restarted() {
    let mut served = Served::new();
    is_done(&served.send(&served.enable(0)));
    let deactivate = served.signed("DeactivateMFADevice", &device(""));
    let first = served.send(&deactivate);
    is_done(&first);
    is_done(&served.send(&served.enable(2)));
    assert_eq!(body(&served.send(&deactivate)), body(&first), "answered from memory");
    assert!(served.owner().contains(USER), "and not done again");
    served.restart_service();
    is_done(&served.send(&deactivate));
    served.restart_daemon();
    is_done(&served.send(&deactivate));
    served.restart_service();
    is_done(&served.send(&deactivate));
    assert!(served.owner().contains(USER), "it was done again");
    // Its owner signs anew.
    thread::sleep(Duration::from_secs(1));
    is_done(&served.send(&served.signed("DeactivateMFADevice", &device(""))));
    assert!(!served.owner().contains(USER));
}

#[test]
fn a_signature_has_to_be_there_once_and_of_now() {
    let served = Served::new();
    let good = served.signed("ListUsers", "");
    let line = |name: &str| good.split_inclusive("\r\n").find(|line| line.starts_with(name)).unwrap();
    let (signature, date) = (line("Authorization:"), line("X-Amz-Date:"));
    is(&served.send(&good.replace(signature, "")), 403, "MissingAuthenticationToken");
    is(&served.send(&good.replace(signature, &signature.repeat(2))), 403, "IncompleteSignature");
    is(&served.send(&good.replace(date, &date.repeat(2))), 403, "IncompleteSignature");
    is(&served.send(&good.replace("Signature=", "Signature=0")), 403, "IncompleteSignature");
    is(&served.send(&good.replace("Action=ListUsers", "Action=ListUserz")), 403, "SignatureDoesNotMatch");
    for seconds in [-20 * 60, 20 * 60] {
        is(&served.send(&served.signed_ahead(seconds, "ListUsers", "")), 403, "RequestExpired");
    }
    is_done(&served.send(&good));
}

#[test]
fn slow_and_idle_clients_are_cut_off_and_keep_nobody_waiting() {
    let mut served = Served::new();
    let list = served.signed("ListUsers", "");
    is_done(&served.send(&list));
    let before = served.memory("VmRSS");
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| served.connect()).collect();
    let [head, body] = ["POST / HTTP/1.1\r\nHost: x\r\n", &list[..list.len() - 5]].map(|begun| {
        let mut stream = served.connect();
        stream.write_all(begun.as_bytes()).unwrap();
        stream
    });
    // It never takes what it asks for.
    let mut deaf = served.connect();
    deaf.set_nonblocking(true).unwrap();
    while deaf.write_all(&b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100)).is_ok() {}
    is_done(&served.send(&list));
    let with_idle = served.memory("VmRSS");
    println!("{IDLE} idle connections: {} KiB more", with_idle.saturating_sub(before) / 1024);
    assert!(with_idle < before + 64 * 1024 * 1024, "{before} {with_idle}");
    // A line every second for as long as it is taken.
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut dribbling = &head;
            while dribbling.write_all(b"X-More: x\r\n").is_ok() {
                thread::sleep(Duration::from_secs(1));
            }
        });
        is(&rest(body.try_clone().unwrap()), 400, "IncompleteBody");
        assert!(!rest(head.try_clone().unwrap()).contains("200 OK"));
        drop(head.shutdown(Shutdown::Both));
    });
    for mut stream in idle {
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0, "an idle connection stays");
    }
    is_done(&served.send(&list));
}

#[test]
fn a_body_that_is_too_long_is_refused_while_it_comes() {
    let mut served = Served::new();
    let before = served.memory("VmRSS");
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for length in ["Content-Length: 1000000000000", "Transfer-Encoding: chunked"] {
        let mut stream = served.connect();
        write!(stream, "{head}{length}\r\n\r\n").unwrap();
        let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000)).repeat(16);
        let mut sent = 0;
        while sent < 512 * 1024 * 1024 && stream.write_all(chunk.as_bytes()).is_ok() {
            sent += chunk.len();
        }
        assert!(sent < 512 * 1024 * 1024, "all of it was taken");
    }
    is(
        &served.send(&format!("{head}Content-Length: 65537\r\n\r\n{}", "x".repeat(65537))),
        413,
        "RequestEntityTooLarge",
    );
    let after = served.memory("VmRSS");
    assert!(after < before + 16 * 1024 * 1024, "{before} {after}");
    let answer =
        served.send(&format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "x".repeat(100_000)));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
}

/// The service's unit gives it 512 MiB.
#[test]
fn no_seed_file_takes_more_memory_than_there_is() {
    let mut served = Served::new();
    let file = served.site.path("large");
    let head = "serial,secret hex\n";
    let mut devices = head.to_owned();
    for number in 0..1_300_000 {
        writeln!(devices, "S{number:07},3132333435363738393031323334353637383930").unwrap();
    }
    let elements = |number, element: &str| {
        let container = "<KeyContainer xmlns=\"urn:ietf:params:xml:ns:keyprov:pskc\">";
        format!("{container}{}</KeyContainer>", element.repeat(number))
    };
    for (content, code) in [
        (devices, "LimitExceeded"),
        (format!("{head}{}", "a\n".repeat(33_500_000)), "InvalidInput"),
        (elements(16_000_000, "<a/>"), "InvalidInput"),
        (elements(1_950_000, "<a b=''/><c/>"), "InvalidInput"),
    ] {
        fs::write(&file, content).unwrap();
        let mut script = clients::boto3(&served.service, &served.key, "import_seed_file.py").unwrap();
        let told = command::run(script.arg(format!("{}/import", served.service.url())).arg(&file)).unwrap();
        assert!(told.contains(&format!(r#""Code":"{code}""#)), "{told}");
        let peak = served.memory("VmHWM");
        println!("{code}: at most {} MiB", peak / 1024 / 1024);
        assert!(peak < 480 * 1024 * 1024, "{code} {peak}");
    }
}

#[test]
fn what_has_begun_is_ended_when_the_service_is_told_to_stop() {
    let served = Served::new();
    let mut stream = served.connect();
    let (enable, daemon) = (served.enable(0), served.daemon.as_ref().unwrap());
    daemon.signal("STOP").unwrap();
    stream.write_all(enable.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(300));
    let Served { service, .. } = &served;
    let address = service.address().to_owned();
    let mut kill = std::process::Command::new("kill");
    let Served { mut service, site, daemon, .. } = served;
    command::run(kill.args(["-s", "TERM", &service.program().id().to_string()])).unwrap();
    thread::sleep(Duration::from_millis(300));
    assert!(TcpStream::connect(&address).is_err(), "it still listens");
    daemon.as_ref().unwrap().signal("CONT").unwrap();
    is_done(&rest(stream));
    assert!(service.stop().unwrap().0);
    assert!(site.keyfob_done(&["device", "show", SERIAL, "--json"]).contains(USER));
}

/// Service or daemon: what it has taken it ends, and what it has not is not begun.
#[test]
fn told_to_stop_at_any_moment_it_leaves_nothing_half_done() {
    let mut served = Served::new();
    for round in 0..16 {
        let (next, request) = (served.site.start_service(), served.enable(10 * round as u64));
        let stream = served.connect();
        // So much of it has come when it is told to stop: nothing, a part of the head, a part of the body, or all.
        let (begun, later) = request.split_at([0, 40, request.len() - 5, request.len()][round % 4]);
        (&stream).write_all(begun.as_bytes()).unwrap();
        thread::scope(|scope| {
            let mut stream = &stream;
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(20));
                // It may have hung up.
                drop(stream.write_all(later.as_bytes()));
            });
            if round < 8 {
                let stopped = std::mem::replace(&mut served.service, next).stop().unwrap();
                assert!(stopped.0, "{}", stopped.1);
            } else {
                let stopped = served.daemon.take().unwrap().stop().unwrap();
                assert!(stopped.0, "{}", stopped.1);
                served.daemon = Some(served.site.start_daemon(&[]));
            }
        });
        let answer = rest(stream);
        let is_enabled = served.owner().contains(USER);
        assert_eq!(answer.starts_with("HTTP/1.1 200 "), is_enabled, "{round}: {answer}");
        assert!(answer.is_empty() || answer.ends_with("Response>"), "cut off: {answer}");
        println!("{round}: {}", answer.lines().next().unwrap_or("not begun"));
        if is_enabled {
            // In the same second it would be the very request that was done in the round before.
            thread::sleep(Duration::from_millis(1100));
            is_done(&served.send(&served.signed("DeactivateMFADevice", &device(""))));
        }
    }
}

#[test]
fn a_kill_in_the_middle_leaves_it_done_or_not_done() {
    let mut served = Served::new();
    for round in 0..6 {
        let mut stream = served.connect();
        let request = served.enable(10 * round);
        stream.write_all(request.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(3 * round));
        if round % 2 == 0 {
            served.restart_service();
        } else {
            served.restart_daemon();
        }
        let answer = rest(stream);
        let is_enabled = served.owner().contains(USER);
        assert!(is_enabled || !answer.starts_with("HTTP/1.1 200 "), "{answer}");
        // Its client signs it anew, and has what it wants or what it has already.
        let again = served.send(&served.enable(10 * round + 2));
        if is_enabled {
            is(&again, 409, "EntityAlreadyExists");
        } else {
            is_done(&again);
        }
        let deactivate = served.signed("DeactivateMFADevice", &device(""));
        is_done(&served.send(&deactivate));
        // No code that was taken is taken again. In the same second it would be the very request that was done already.
        thread::sleep(Duration::from_millis(1100));
        is(
            &served.send(&served.enable(10 * round + if is_enabled { 0 } else { 2 })),
            403,
            "InvalidAuthenticationCode",
        );
    }
}

#[test]
fn what_can_not_be_decided_is_said_to_be_that() {
    let mut served = Served::new();
    let list = |served: &Served| served.send(&served.signed("ListMFADevices", &format!("&UserName={USER}")));
    is_done(&served.send(&served.enable(0)));
    assert!(list(&served).contains(SERIAL));
    drop(served.daemon.take());
    is(&list(&served), 500, "ServiceFailure");
    served.site.save("good");
    for damage in ["rm -f", "truncate -s 100", "chmod 0644"] {
        let store = served.site.store().display().to_string();
        let mut words = damage.split(' ').chain([store.as_str()]);
        command::run(std::process::Command::new(words.next().unwrap()).args(words)).unwrap();
        is(&list(&served), 500, "ServiceFailure");
        served.site.restore("good");
    }
    served.daemon = Some(served.site.start_daemon(&[]));
    assert!(list(&served).contains(SERIAL));
}

#[test]
fn a_wrong_code_is_never_the_services_fault() {
    let served = Served::new();
    let wrong = [served.token.wrong_code(0).unwrap(), served.token.code(0).unwrap()];
    let codes = format!("&AuthenticationCode1={}&AuthenticationCode2={}", wrong[0], wrong[1]);
    let mut told = Vec::new();
    // Of other seconds each, or they would be one request, sent again.
    for ahead in 0..20 {
        let answer = served.send(&served.signed_ahead(ahead, "EnableMFADevice", &device(&codes)));
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
        told.push(answer.split_once("<Code>").unwrap().1.split('<').next().unwrap().to_owned());
        if told.len() > 1 && told[told.len() - 1] != told[0] {
            break;
        }
    }
    assert_eq!(told[0], "InvalidAuthenticationCode");
    assert_eq!(told[told.len() - 1], "EntityTemporarilyUnmodifiable");
}
