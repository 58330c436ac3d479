//! Changes whose answer is lost with the service: sent again, they are told as they ended, and nothing is done, spent or counted twice.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener},
    process::Stdio,
    thread,
    time::Duration,
};

use keyfob_tests::{
    Served, clients,
    command::{self},
    served::{SERIAL, USER, device, is, is_done},
    service::AccessKey,
};

/// Known as a user from the start.
const OTHER: &str = "news";

/// The same request under that name of its client's, which is not signed.
fn called(request: &str, id: &str) -> String {
    request.replacen("\r\n", &format!("\r\namz-sdk-invocation-id: {id}\r\n"), 1)
}

/// A change as a client sends it, and as it sends it again: byte for byte, and signed anew.
struct Change {
    first: String,
    anew: String,
    /// What was signed anew, by whoever has seen it and calls it something else.
    replayed: String,
}

impl Change {
    /// The number is its name, and makes it the only one that is signed at its second: what is alike and signed at once is one request.
    fn new(served: &Served, number: i32, action: &str, parameters: &str) -> Self {
        let ahead = [30 * number, 30 * number + 5];
        let [first, anew] = ahead.map(|ahead| served.signed_ahead(ahead, action, parameters));
        let (id, replayed) = (number.to_string(), called(&anew, &format!("not {number}")));
        Self { first: called(&first, &id), anew: called(&anew, &id), replayed }
    }

    fn pair(served: &Served, number: i32, action: &str, codes: [String; 2]) -> Self {
        let [first, second] = codes;
        let codes = format!("&AuthenticationCode1={first}&AuthenticationCode2={second}");
        Self::new(served, number, action, &device(&codes))
    }
}

fn codes(served: &Served, first: u64) -> [String; 2] {
    [first, first + 1].map(|counter| served.token.code(counter).unwrap())
}

/// Sends it; then the service, the daemon and both are killed, and after each it is sent again in both ways.
fn is_told_again(served: &mut Served, change: &Change, check: &dyn Fn(&str)) {
    check(&served.send(&change.first));
    let told = |served: &Served| (served.site.keyfob_done(&["log", "--json"]), state(served));
    let before = told(served);
    for round in 0..3 {
        if round != 1 {
            served.restart_service();
        }
        if round != 0 {
            served.restart_daemon();
        }
        check(&served.send(&change.first));
        check(&served.send(&change.anew));
        // The service does not know any more that this signature was one.
        served.restart_service();
        check(&served.send(&change.replayed));
        assert_eq!(told(served), before, "something was done again");
    }
}

/// Devices, users and failures.
fn state(served: &Served) -> Vec<String> {
    let lists = [["device", "list"], ["user", "list"]].map(|[kind, what]| [kind, what, "--json"]);
    lists.iter().map(|list| served.site.keyfob_done(list)).collect()
}

#[test]
fn a_change_is_told_again_as_it_ended_whatever_was_killed_meanwhile() {
    let mut served = Served::new();
    served.site.keyfob_done(&["user", "add", OTHER]);
    let user = |name: &str| format!("&UserName={name}");
    let on_device = |more: &str| format!("&SerialNumber={SERIAL}{more}");
    let done: &dyn Fn(&str) = &is_done;
    let refused = |code: &'static str, status| move |answer: &str| is(answer, status, code);

    let wrong = [0, 1].map(|counter| served.token.wrong_code(counter).unwrap());
    let change = Change::pair(&served, 1, "EnableMFADevice", wrong);
    is_told_again(&mut served, &change, &refused("InvalidAuthenticationCode", 403));
    let change = Change::pair(&served, 2, "EnableMFADevice", codes(&served, 0));
    is_told_again(&mut served, &change, done);
    // The same name for another body is another request.
    let other = Change::pair(&served, 2, "EnableMFADevice", codes(&served, 4));
    is_told_again(&mut served, &other, &refused("EntityAlreadyExists", 409));
    let change = Change::pair(&served, 3, "ResyncMFADevice", codes(&served, 6));
    is_told_again(&mut served, &change, done);
    let change = Change::pair(&served, 4, "ResyncMFADevice", codes(&served, 6));
    is_told_again(&mut served, &change, &refused("InvalidAuthenticationCode", 403));
    let tag = on_device("&Tags.member.1.Key=a&Tags.member.1.Value=1");
    let change = Change::new(&served, 5, "TagMFADevice", &tag);
    is_told_again(&mut served, &change, done);
    let change = Change::new(&served, 6, "UntagMFADevice", &on_device("&TagKeys.member.1=a"));
    is_told_again(&mut served, &change, done);
    let change = Change::new(&served, 7, "DeleteUser", &user(USER));
    is_told_again(&mut served, &change, &refused("DeleteConflict", 409));
    let change = Change::new(&served, 8, "DeactivateMFADevice", &device(""));
    is_told_again(&mut served, &change, done);
    let change = Change::new(&served, 9, "DeactivateMFADevice", &device(""));
    is_told_again(&mut served, &change, &refused("NoSuchEntity", 404));
    let change = Change::new(&served, 10, "DeleteUser", &user(OTHER));
    is_told_again(&mut served, &change, done);
    let change = Change::new(&served, 11, "CreateUser", &user(OTHER));
    is_told_again(&mut served, &change, &|answer| {
        is_done(answer);
        assert!(answer.contains(&format!("<UserName>{OTHER}</UserName>")), "{answer}");
    });
    let change = Change::new(&served, 12, "CreateUser", &user(OTHER));
    is_told_again(&mut served, &change, &refused("EntityAlreadyExists", 409));
}

/// From then on this key may change nothing without a code: what it has done it is told all the same.
#[test]
fn whoever_has_enrolled_a_first_device_is_told_so_again() {
    let mut served = Served::new();
    served.key = AccessKey::create(&served.site, USER);
    let change = Change::pair(&served, 1, "EnableMFADevice", codes(&served, 0));
    is_told_again(&mut served, &change, &is_done);
    let other = Change::pair(&served, 2, "ResyncMFADevice", codes(&served, 5));
    is(&served.send(&other.first), 403, "AccessDenied");
}

/// A secret is told once: whoever has lost it is told so, and gets no other one.
#[test]
fn an_answer_with_a_secret_is_not_kept() {
    let mut served = Served::new();
    let change = Change::new(&served, 1, "CreateVirtualMFADevice", "&VirtualMFADeviceName=phone");
    is_done(&served.send(&change.first));
    served.restart_service();
    for request in [&change.first, &change.anew] {
        is(&served.send(request), 403, "AccessDenied");
    }
    let delete = Change::new(
        &served,
        2,
        "DeleteVirtualMFADevice",
        "&SerialNumber=arn:aws:iam::000000000000:mfa/phone",
    );
    is_told_again(&mut served, &delete, &is_done);
    // What was created is gone, and the old request does not bring it back.
    is(&served.send(&change.first), 403, "AccessDenied");
}

/// Before it has taken any answer from the daemon, which is stopped until the service is dead.
#[test]
fn a_service_that_dies_before_it_has_an_answer_loses_nothing() {
    let mut served = Served::new();
    let change = Change::pair(&served, 1, "EnableMFADevice", codes(&served, 0));
    let mut stream = served.connect();
    stream.write_all(change.first.as_bytes()).unwrap();
    let is_enabled = (0..600).any(|_| {
        thread::sleep(Duration::from_millis(50));
        served.owner().contains(USER)
    });
    assert!(is_enabled);
    served.restart_service();
    drop(stream);
    is_done(&served.send(&change.anew));
    is_done(&served.send(&change.first));
}

/// The AWS command line sends again on its own what it got no answer to.
#[test]
fn the_aws_command_line_does_not_notice_that_the_service_was_killed() {
    let mut served = Served::new();
    let [first, second] = codes(&served, 0);
    let between = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut aws = clients::aws(&served.service, &served.key).unwrap();
    aws.env("AWS_ENDPOINT_URL_IAM", format!("http://{}", between.local_addr().unwrap()));
    aws.args(["iam", "enable-mfa-device", "--user-name", USER, "--serial-number", SERIAL]);
    aws.args(["--authentication-code1", &first, "--authentication-code2", &second]);
    let client = aws.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut statuses = Vec::new();
    for is_lost in [true, false] {
        let (mut client, _) = between.accept().unwrap();
        let answer = served.send(&one_request(&mut client));
        statuses.push(answer.lines().next().unwrap().to_owned());
        if is_lost {
            served.restart_service();
        } else {
            client.write_all(answer.as_bytes()).unwrap();
        }
        drop(client.shutdown(Shutdown::Both));
    }
    let output = client.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", command::text(&output.stderr));
    assert_eq!(statuses, ["HTTP/1.1 200 OK"; 2]);
    assert!(served.owner().contains(USER));
}

/// A request as it comes, to be sent on a connection of its own.
fn one_request(client: &mut impl Read) -> String {
    let (mut request, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let length = client.read(&mut buffer).unwrap();
        request.push_str(std::str::from_utf8(buffer.get(..length).unwrap()).unwrap());
        let Some((head, body)) = request.split_once("\r\n\r\n") else { continue };
        let lower = head.to_lowercase();
        let wanted: usize =
            lower.split_once("content-length: ").unwrap().1.lines().next().unwrap().parse().unwrap();
        if body.len() == wanted {
            return request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        }
    }
}
