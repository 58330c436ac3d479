//! An ordinary user who says to the daemon whatever can be said: nonsense, requests that are root's to make, nothing at all, and all of it as
//! often as can be. Nothing changes, nobody else waits, and the daemon stays as it is.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test; it shows its figures"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    process::{Child, Stdio},
    thread,
};

use keyfob_tests::{
    Daemon, Enrolled, Host, Record, build, command,
    scratch::Scratch,
    wire::{self, Reply},
};

const SOCKET: &str = "/run/keyfob/keyfob.sock";
const CLIENT: &str = "/run/client/unix_client";

/// Messages of each kind.
const MESSAGES: usize = 5000;

/// A request of a user's may be that long.
const LONGEST: usize = 4096;

/// So many requests the protocol has, and more.
const NUMBERS: u8 = 60;

/// How much more memory the daemon may take for all of it, in KiB: a few messages at a time.
const MEMORY: usize = 4096;

const ACCOUNTS: [&str; 5] = ["alice", "bob", "carol", "root", "nobody-here"];

/// alice has a device, as has carol. bob, who has none, means harm.
fn host() -> (Host, Enrolled) {
    let host = Host::new();
    host.write("/etc/pam.d/code", "auth required pam_keyfob.so\n");
    let scratch = Scratch::new().unwrap();
    let folder = scratch.path().join("client");
    fs::create_dir(&folder).unwrap();
    build::compile("unix_client.c", &folder.join("unix_client"), &[]).unwrap();
    host.copy_in(&folder, "/run/client");
    let _carol = host.enroll("carol");
    let alice = host.enroll("alice");
    (host, alice)
}

/// alice signs in, by a caller: root, or herself as a screen locker asks.
fn sign_in(host: &Host, caller: &str, code: &str) -> Record {
    let words = ["pam_driver", "--answer", code, "--", "code", "alice", "/etc/pam.d"];
    let output = command::output(&mut host.user(caller, &words)).unwrap();
    Record(command::text(&output.stdout).lines().map(str::to_owned).collect())
}

fn assert_signs_in(host: &Host, alice: &mut Enrolled) {
    for caller in ["root", "alice"] {
        let record = sign_in(host, caller, &alice.code());
        assert_eq!(record.summary(), (1, "PAM_SUCCESS"), "{caller}: {record}");
    }
}

/// Numbers that look like chance, the same in each run (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn byte(&mut self) -> u8 {
        self.below(256).try_into().unwrap()
    }

    fn bytes(&mut self, most: usize) -> Vec<u8> {
        (0..self.below(most + 1)).map(|_| self.byte()).collect()
    }

    fn account(&mut self) -> &'static str {
        ACCOUNTS[self.below(ACCOUNTS.len())]
    }

    /// A request as a client might send it.
    fn request(&mut self) -> Vec<u8> {
        let (account, uid) = (self.account(), [0, 1000, u32::MAX][self.below(3)]);
        match self.below(3) {
            0 => wire::begin(account, uid),
            1 => wire::answer(account, "123456", uid),
            _ => {
                let number = u8::try_from(self.below(NUMBERS.into())).unwrap();
                let texts = [account, "fob-alice", "123456", "654321"];
                let mut request = wire::request(number, &texts[..=self.below(4)]);
                request.extend(wire::caller(uid));
                request
            }
        }
    }

    /// The same with some bytes changed, left out or added.
    fn mutated(&mut self) -> Vec<u8> {
        let mut request = self.request();
        for _ in 0..=self.below(4) {
            let place = self.below(request.len().max(1));
            match self.below(4) {
                0 => request.truncate(place),
                1 => request.insert(place.min(request.len()), self.byte()),
                2 => request.extend(self.bytes(16)),
                _ => request.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= 1 << self.below(8)),
            }
        }
        request
    }

    /// A frame whose length says something else than is there.
    fn of_another_length(&mut self) -> Vec<u8> {
        let mut frame = wire::frame(&self.request());
        for byte in &mut frame[1..5] {
            *byte = if self.below(2) == 0 { 0 } else { self.byte() };
        }
        frame
    }
}

/// Each kind of message.
fn messages(chance: &mut Chance) -> [(&'static str, Vec<Vec<u8>>); 5] {
    let mut many = |next: &mut dyn FnMut(&mut Chance) -> Vec<u8>| -> Vec<_> {
        (0..MESSAGES).map(|_| next(chance)).collect()
    };
    [
        ("bytes", many(&mut |chance| chance.bytes(64))),
        ("frames", many(&mut |chance| wire::frame(&chance.bytes(200)))),
        ("other lengths", many(&mut Chance::of_another_length)),
        ("requests", many(&mut |chance| wire::frame(&chance.request()))),
        ("almost requests", many(&mut |chance| wire::frame(&chance.mutated()))),
    ]
}

/// What the daemon answers to each message of bob's.
fn answers(host: &Host, messages: &[Vec<u8>]) -> Vec<Reply> {
    let mut client = host.user("bob", &[CLIENT, "messages", SOCKET]);
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stdin = client.stdin.take().unwrap();
    let sent: Vec<u8> = messages
        .iter()
        .flat_map(|message| [&u32::try_from(message.len()).unwrap().to_be_bytes(), &message[..]].concat())
        .collect();
    let writer = thread::spawn(move || stdin.write_all(&sent).unwrap());
    let output = client.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let mut rest = &output.stdout[..];
    let mut replies = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::try_from(u32::from_be_bytes(*length)).unwrap();
        replies.push(Reply::of(&after[..length]));
        rest = &after[length..];
    }
    assert_eq!(replies.len(), messages.len());
    replies
}

/// Of the daemon's memory, the most that it has ever had, in KiB.
fn most_memory(daemon: &Daemon) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// All that an administrator sees but the log.
fn state(host: &Host) -> String {
    let accounts = ["alice", "bob", "carol"].map(|account| host.keyfob(&["user", "show", account, "--json"]));
    accounts.concat() + &host.keyfob(&["device", "list", "--json"])
}

#[test]
fn nothing_that_an_ordinary_user_says_changes_anything_or_ends_the_daemon() {
    let (host, mut alice) = host();
    let daemon = host.start_daemon();
    assert_signs_in(&host, &mut alice);
    let (before, memory) = (state(&host), most_memory(&daemon));
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for (kind, messages) in messages(&mut chance) {
        let replies = answers(&host, &messages);
        let count = |wanted: &[Reply]| replies.iter().filter(|reply| wanted.contains(reply)).count();
        // bob has no device: that is what may be begun, and answered.
        let known = [Reply::Nothing, Reply::Unusable, Reply::Refused, Reply::Begun];
        assert_eq!(count(&known), replies.len(), "{kind}: {replies:?}");
        let [nothing, unusable, refused, begun] = known.map(|reply| count(&[reply]));
        println!(
            "{kind}: of {MESSAGES}, {nothing} were not answered, {unusable} not allowed, {refused} refused, {begun} begun"
        );
    }
    assert_eq!(state(&host), before);
    assert_signs_in(&host, &mut alice);
    let more = most_memory(&daemon) - memory;
    assert!(more < MEMORY, "it took {more} KiB more");
    let (stopped_well, log) = daemon.stop().unwrap();
    assert!(stopped_well && !log.contains("defect"), "{log}");
}

/// A user's request has its longest length, and none of its bytes is waited for beyond that.
#[test]
fn a_request_of_a_user_is_bounded() {
    let (host, mut alice) = host();
    let _daemon = host.start_daemon();
    let begin = wire::begin("bob", 0);
    let of_length = |length: usize| wire::frame(&[&begin[..], &vec![0; length - begin.len()]].concat());
    let too_long = [&[1], &u32::MAX.to_be_bytes()[..], &vec![0; 1 << 16]].concat();
    let replies =
        answers(&host, &[wire::frame(&begin), of_length(LONGEST), of_length(LONGEST + 1), too_long]);
    assert_eq!(replies, [Reply::Begun, Reply::Begun, Reply::Nothing, Reply::Nothing]);
    assert_signs_in(&host, &mut alice);
}

/// bob's program, once it has begun.
fn begun(host: &Host, words: &[&str]) -> Child {
    let mut client = host.user("bob", words);
    let mut client = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(client.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "ready\n");
    client
}

/// While bob's programs run, others sign in: each within the module's deadline, or it would have refused.
fn assert_keeps_nobody_out(words: &[&str], programs: usize) {
    let (host, mut alice) = host();
    let daemon = host.start_daemon();
    let clients: Vec<Child> = (0..programs).map(|_| begun(&host, words)).collect();
    for _ in 0..20 {
        assert_signs_in(&host, &mut alice);
    }
    for mut client in clients {
        drop(client.stdin.take());
        assert!(client.wait().unwrap().success());
    }
    let (stopped_well, log) = daemon.stop().unwrap();
    let unserved = log.matches("a caller was not served").count();
    println!("{words:?}: 40 sign-ins of others, and {unserved} connections that were not served");
    assert!(stopped_well && unserved > 0, "{log}");
}

#[test]
fn connections_that_say_nothing_keep_nobody_out() {
    assert_keeps_nobody_out(&[CLIENT, "hold", SOCKET, "200"], 1);
}

#[test]
fn a_flood_of_connections_keeps_nobody_out() {
    assert_keeps_nobody_out(&[CLIENT, "flood", SOCKET], 4);
}
