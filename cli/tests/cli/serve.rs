//! `keyfob serve`: where it listens, and how it ends. What it answers, AWS's own clients ask.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::site::{KEYFOB, Site};

/// A service on a free port, and its address.
fn serve(site: &Site, arguments: &[&str]) -> (Child, String) {
    let socket = site.path("keyfob.sock");
    let mut command = site.command(KEYFOB, &["serve", "--socket", socket.to_str().unwrap()]);
    let mut child = command.args(arguments).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["message"], "serving");
    (child, line["address"].as_str().unwrap().to_owned())
}

fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_says_that_it_is_well_and_ends_when_it_is_told_to() {
    let site = Site::empty();
    for (arguments, signal) in [
        (&["--listen", "127.0.0.1:0"][..], Signal::SIGTERM),
        (&["--listen", "0.0.0.0:0", "--behind-proxy"], Signal::SIGINT),
    ] {
        let (mut child, address) = serve(&site, arguments);
        let answer = ask(&address, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nok\n"), "{answer}");
        let unsigned = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let answer = ask(&address, unsigned);
        assert!(
            answer.starts_with("HTTP/1.1 403 ") && answer.contains("MissingAuthenticationToken"),
            "{answer}"
        );
        kill(Pid::from_raw(child.id().try_into().unwrap()), signal).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn codes_cross_no_network_in_the_clear() {
    let site = Site::empty();
    // The first is no address of this machine, so that a service that would listen fails here instead of staying.
    for address in ["192.0.2.1:80", "0.0.0.0:0", "[::]:0"] {
        let told = site.keyfob(&["serve", "--listen", address]);
        let expected = format!(
            "keyfob: {address} is no loopback address: give --tls-cert and --tls-key, or put a proxy with TLS in front and say \
             --behind-proxy\n"
        );
        assert_eq!((told.code, told.out, told.err), (Some(3), String::new(), expected));
    }
}

#[test]
fn an_address_that_is_taken_is_named() {
    let site = Site::empty();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = site.keyfob(&["serve", "--listen", &address]);
    assert_eq!(told.code, Some(3));
    assert!(told.err.starts_with(&format!("keyfob: {address} can't be listened on: ")), "{}", told.err);
}
