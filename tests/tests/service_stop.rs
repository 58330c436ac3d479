//! The service is told to stop (SIGTERM) in the middle of what takes long: what it has answered holds, what it has not done is not done, and it
//! ends well, also where somebody does not let it.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test; it shows how each round ended")]

use std::{
    fs,
    io::{Read, Write},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use keyfob_tests::{
    Browser, Host, Served, Service, Site, clients, command,
    host::PASSWORD,
    served::{SERIAL, USER, is, rest},
    service::AccessKey,
};

/// Devices of a seed file.
const MANY: usize = 1000;

/// How fast a seed file of some 50 KB is sent, in bytes a second, and when the service is told to stop, in milliseconds: before, in the middle, and after; and
/// so slowly that it does not wait for the end.
const ROUNDS: [(&str, u64); 5] = [("40k", 10), ("40k", 700), ("40k", 1600), ("0", 300), ("2k", 1000)];

fn seed_file(round: usize) -> String {
    let serials = (0..MANY).map(|number| format!("R{round}-{number:05}"));
    let lines = serials.map(|serial| format!("{serial},3132333435363738393031323334353637383930\n"));
    format!("serial,secret hex\n{}", lines.collect::<String>())
}

/// What it has told holds; and of a file all devices are there, or none.
fn check_import(round: usize, told: &str, devices: &str) {
    let found = devices.matches(&format!("\"R{round}-")).count();
    let is_told = told.contains(&format!(r#""Imported":{MANY},"#));
    println!("round {round}: told {is_told}, {found} devices");
    assert!(found == 0 || found == MANY, "{found}");
    assert!(!is_told || found == MANY, "{told}");
}

fn stops(service: Service) {
    let (ended, log) = service.stop().unwrap();
    assert!(ended, "{log}");
}

fn output(child: Child) -> String {
    command::text(&child.wait_with_output().unwrap().stdout)
}

#[test]
fn in_the_middle_of_an_import_that_was_signed() {
    let mut served = Served::new();
    let AccessKey { id, secret } = &served.key;
    let user = format!("{id}:{secret}");
    for (round, (rate, delay)) in ROUNDS.into_iter().enumerate() {
        let file = served.site.path("seeds.csv");
        fs::write(&file, seed_file(round)).unwrap();
        let script = r#"curl -sS --limit-rate "$1" --aws-sigv4 aws:amz:us-east-1:keyfob --user "$2" "$3/import" \
            -H "X-Amz-Content-Sha256: $(sha256sum < "$0" | cut -d ' ' -f 1)" -H 'Content-Type: text/csv' --data-binary "@$0""#;
        let mut curl = Command::new("sh");
        curl.args(["-euc", script]).arg(&file).args([rate, &user, &served.service.url()]);
        let curl = curl.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(delay));
        stops(std::mem::replace(&mut served.service, served.site.start_service()));
        let told = output(curl);
        check_import(round, &told, &served.site.keyfob_done(&["device", "list", "--json"]));
        assert!(round != 4 || !told.contains("Result"), "it has waited for the end: {told}");
    }
}

const SERVE: [&str; 4] = ["keyfob", "serve", "--listen", "127.0.0.1:8080"];

fn serve(host: &Host) -> Service {
    Service::start(&mut host.reachable("keyfob", &SERVE)).unwrap()
}

/// A host where root can sign in with a browser.
fn host() -> Host {
    let host = Host::new();
    host.sh(&format!(
        "useradd --system keyfob; usermod --password \"$(openssl passwd -6 '{PASSWORD}')\" root"
    ));
    host
}

#[test]
fn in_the_middle_of_an_import_by_a_browser() {
    let host = host();
    let (_daemon, mut service) = (host.start_daemon_for_browsers(), serve(&host));
    for (round, (rate, delay)) in ROUNDS.into_iter().enumerate() {
        host.write("/root/seeds.csv", &seed_file(round));
        let mut browser = Browser::new(&host);
        browser.password("root");
        browser.session();
        let (cookie, csrf) =
            (format!("Cookie: {}", browser.cookie), format!("X-Keyfob-Csrf: {}", browser.csrf));
        let mut words = vec!["curl", "-sS", "--limit-rate", rate, "http://127.0.0.1:8080/import"];
        words.extend(["-H", &cookie, "-H", &csrf, "-H", "Sec-Fetch-Site: same-origin"]);
        words.extend(["-H", "Content-Type: text/csv", "--data-binary", "@/root/seeds.csv"]);
        let mut curl = host.root(&words);
        let curl = curl.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(delay));
        stops(service);
        let told = output(curl);
        service = serve(&host);
        check_import(round, &told, &host.keyfob(&["device", "list", "--json"]));
        assert!(round != 4 || !told.contains("Result"), "it has waited for the end: {told}");
    }
}

#[test]
fn in_the_middle_of_a_password() {
    let host = host();
    let (_daemon, mut service) = (host.start_daemon_for_browsers(), serve(&host));
    for (password, delay) in [("x", 700), ("correct+horse", 0), ("correct+horse", 30), ("correct+horse", 100)]
    {
        let mut browser = Browser::new(&host);
        let form = format!("UserName=alice&Password={password}");
        let answer = thread::scope(|scope| {
            let answer = scope.spawn(|| browser.answer("/sign-in", &form));
            thread::sleep(Duration::from_millis(delay));
            stops(service);
            answer.join().unwrap()
        });
        service = serve(&host);
        println!("{password}: {:?}", answer.as_ref().map(|(status, _)| status));
        let is_signed_in = browser.post("/", "Action=GetSession&Version=2026-11-24").0 == 200;
        match answer {
            Some((200, _)) => assert!(password != "x" && is_signed_in),
            Some((status, told)) => {
                assert!(status == 403 && told.contains("SignInFailed") && !is_signed_in, "{told}");
            }
            None => assert!(!is_signed_in),
        }
    }
}

fn get_session_token(served: &Served, ahead: i32, code: &str) -> String {
    let form = format!("Action=GetSessionToken&Version=2011-06-15&SerialNumber={SERIAL}&TokenCode={code}");
    served.signed_for("sts", ahead, &form)
}

/// The text of an element.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    xml.split_once(&format!("<{name}>")).unwrap().1.split('<').next().unwrap()
}

#[test]
fn in_the_middle_of_a_session_that_begins_with_a_code() {
    let mut served = Served::new();
    let mut enrolled = served.site.enable("root", &served.token);
    // The daemon goes on in time, and not.
    for goes_on in [true, false] {
        let code = enrolled.code();
        let request = get_session_token(&served, 0, &code);
        let next = served.site.start_service();
        let mut stream = served.connect();
        served.daemon.as_ref().unwrap().signal("STOP").unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        thread::sleep(Duration::from_millis(500));
        let service = std::mem::replace(&mut served.service, next);
        let answer = thread::scope(|scope| {
            let daemon = served.daemon.as_ref().unwrap();
            let stopped = scope.spawn(|| stops(service));
            thread::sleep(Duration::from_millis(300));
            if goes_on {
                daemon.signal("CONT").unwrap();
            }
            let answer = rest(stream);
            stopped.join().unwrap();
            daemon.signal("CONT").unwrap();
            answer
        });
        let again = |ahead| served.send(&get_session_token(&served, ahead, &code));
        if goes_on {
            assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
            let key = AccessKey {
                id: element(&answer, "AccessKeyId").into(),
                secret: element(&answer, "SecretAccessKey").into(),
            };
            let mut aws = clients::aws(&served.service, &key).unwrap();
            aws.env("AWS_SESSION_TOKEN", element(&answer, "SessionToken")).args(["iam", "list-users"]);
            command::run(&mut aws).unwrap();
        } else {
            assert_eq!(answer, "");
            println!("not answered, and then: {}", again(3).lines().next().unwrap());
        }
        is(&again(6), 403, "AccessDenied");
    }
}

/// Half of it has been read when it is told to stop; the rest comes, or the reader has gone to sleep.
#[test]
fn in_the_middle_of_an_answer_that_is_read_slowly() {
    const BYTES: usize = 48 * 1024 * 1024;
    let site = Site::new();
    let _daemon = site.start_daemon(&[]);
    let pages = site.path("pages");
    fs::create_dir(&pages).unwrap();
    for (name, length) in [("sign-in.html", 1), ("404.html", 1), ("large.bin", BYTES)] {
        fs::write(pages.join(name), "x".repeat(length)).unwrap();
    }
    for reads_on in [true, false] {
        let options = ["--listen", "127.0.0.1:0", "--pages", &pages.display().to_string()];
        let service = site.start_service_with(&options);
        let mut stream = std::net::TcpStream::connect(service.address()).unwrap();
        stream.write_all(b"GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut begun = vec![0; BYTES / 4];
        stream.read_exact(&mut begun).unwrap();
        let read = thread::scope(|scope| {
            let stopped = scope.spawn(|| stops(service));
            thread::sleep(Duration::from_millis(500));
            let mut read = begun.clone();
            if !reads_on {
                stopped.join().unwrap();
            }
            // A service that has ended resets it.
            drop(stream.read_to_end(&mut read));
            read
        });
        let (head, body) = read.split_at(read.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4);
        assert!(head.starts_with(b"HTTP/1.1 200 OK\r\n"));
        println!("{reads_on}: {} of {BYTES} bytes", body.len());
        assert_eq!(body.len() == BYTES, reads_on);
        assert!(body.iter().all(|byte| *byte == b'x'));
    }
    assert!(!site.keyfob_done(&["device", "list"]).contains(USER));
}
