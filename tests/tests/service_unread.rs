//! What is no request, or one with too long a head: it never comes to the service's own code, and its answer has what all answers have.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
};

use keyfob_tests::{Served, served::rest};

const GOOD: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/// The headers of an answer, but for those of its own: whose request, when, how long it is.
fn headers(answer: &str) -> Vec<&str> {
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    let own =
        ["x-amzn-requestid", "date", "content-length", "content-type", "connection", "cache-control", "vary"];
    let mut lines: Vec<_> =
        head.lines().skip(1).filter(|line| !own.contains(&line.split(':').next().unwrap())).collect();
    lines.sort_unstable();
    lines
}

/// One answer, without a body.
fn one_answer(stream: &mut TcpStream, length: usize) -> String {
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    let head = answer.len();
    answer.resize(head + length, 0);
    stream.read_exact(answer.get_mut(head..).unwrap()).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn what_is_refused_unread_has_the_headers_of_every_answer() {
    let served = Served::new();
    let expected = served.send(&GOOD.replace("Host: x", "Host: x\r\nConnection: close"));
    let expected = headers(&expected);
    assert!(expected.len() > 5 && expected.iter().any(|line| line.starts_with("content-security-policy: ")));
    let long = "x".repeat(100_000);
    let with = |lines: &str| format!("POST / HTTP/1.1\r\nHost: x\r\n{lines}\r\n\r\nAction=ListUsers");
    for (request, status) in [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/7.7\r\nHost: x\r\n\r\n".into(), 400),
        ("GET \u{1} HTTP/1.1\r\nHost: x\r\n\r\n".into(), 400),
        ("\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\r\n\r\n".into(), 400),
        (format!("GET /{long} HTTP/1.1\r\nHost: x\r\n\r\n"), 431),
        (with(&format!("X-Long: {long}")), 431),
        (with(&"X-Many: x\r\n".repeat(200)), 431),
        (with("No colon"), 400),
        (with("Content-Length: 5\r\nContent-Length: 6"), 400),
        (with("Content-Length: -1"), 400),
        (with("Transfer-Encoding: chunked, gzip"), 400),
    ] {
        let name = request.get(..60).unwrap_or(&request).to_owned();
        let fresh = served.send(&request);
        let mut kept = served.connect();
        kept.write_all(GOOD.as_bytes()).unwrap();
        assert!(one_answer(&mut kept, 3).ends_with("\r\n\r\nok\n"));
        // What is too long is refused before its end.
        drop(kept.write_all(request.as_bytes()));
        // And with the request before it in one piece.
        let mut together = served.connect();
        drop(together.write_all(format!("{GOOD}{request}").as_bytes()));
        assert!(one_answer(&mut together, 3).ends_with("\r\n\r\nok\n"));
        for answer in [fresh, rest(kept), rest(together)] {
            assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{name}: {answer}");
            assert!(
                answer.ends_with("\r\n\r\n") && answer.contains("\r\ncontent-length: 0\r\n"),
                "{name}: {answer}"
            );
            assert_eq!(headers(&answer), expected, "{name}: {answer}");
            assert!(answer.contains("\r\nx-amzn-requestid: "), "{name}: {answer}");
            assert!(answer.contains("\r\ncache-control: no-store\r\n"), "{name}: {answer}");
        }
    }
}

/// Nobody has said that HTTP/2 is spoken here: there is no answer that such a client could read.
#[test]
fn whoever_speaks_http_2_is_hung_up_on() {
    let served = Served::new();
    let stream = served.connect();
    (&stream).write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").unwrap();
    assert_eq!(rest(stream), "");
}

/// What is cut off in the middle of its head, too.
#[test]
fn half_a_request_is_not_done() {
    let served = Served::new();
    let request = served.enable(0);
    let stream = served.connect();
    (&stream).write_all(request.get(..100).unwrap().as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let answer = rest(stream);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(!served.owner().contains(keyfob_tests::served::USER));
}
