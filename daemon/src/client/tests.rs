//! What becomes of the daemon's errors on their way.

use std::net::Shutdown;
use std::os::unix::net::UnixListener;
use std::thread;

use keyfob_authority::{Ask, Begin, Door, Factor, Refused};
use keyfob_core::Digits;

use super::*;

const PATIENCE: Duration = Duration::from_secs(10);

/// What a client makes of a daemon that answers like this.
fn with_daemon<T>(
    daemon: impl FnOnce(UnixListener) + Send + 'static,
    client: impl FnOnce(&Client) -> T,
) -> T {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("keyfob.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let daemon = thread::spawn(move || daemon(listener));
    let outcome = client(&Client::new(socket, PATIENCE));
    daemon.join().unwrap();
    outcome
}

fn answer(connection: &UnixStream, outcome: Result<Reply, Error>) {
    hear(connection);
    say(connection, outcome);
}

fn hear(connection: &UnixStream) {
    frame::read(connection, 1000, Deadline::after(PATIENCE)).unwrap();
}

fn say(connection: &UnixStream, outcome: Result<Reply, Error>) {
    frame::write(connection, &encode(&Message::of(outcome)).unwrap(), Deadline::after(PATIENCE)).unwrap();
}

/// An error of the daemon's, as its caller gets it.
fn told(error: Error) -> Error {
    let daemon = |listener: UnixListener| answer(&listener.accept().unwrap().0, Err(error));
    with_daemon(daemon, |client| client.devices().unwrap_err())
}

fn ask() -> Reply {
    let ask = Ask { digits: vec![Digits::SIX], offer_resync: false };
    Reply::Begun(Begun { next: Begin::Ask(ask), unresolved_groups: Vec::new() })
}

fn signed_in() -> Reply {
    Reply::SignedIn(SignedIn { factor: Factor::RecoveryCode { left: 3 }, notices: Vec::new() })
}

fn sign_in(client: &Client) -> SignedIn {
    let account = "alice".parse().unwrap();
    let caller = Caller { door: Door::CommandLine, remote: None, uid: 0 };
    client.begin(&account, &caller).unwrap();
    client.answer(&account, "123456", &caller).unwrap()
}

#[test]
fn an_answer_goes_where_the_sign_in_began() {
    let daemon = |listener: UnixListener| {
        let (connection, _) = listener.accept().unwrap();
        answer(&connection, Ok(ask()));
        answer(&connection, Ok(signed_in()));
    };
    assert_eq!(with_daemon(daemon, sign_in).factor, Factor::RecoveryCode { left: 3 });
}

#[test]
fn an_answer_goes_over_a_new_connection_once_the_daemon_has_hung_up() {
    let daemon = |listener: UnixListener| {
        let (connection, _) = listener.accept().unwrap();
        hear(&connection);
        // Before the client can answer.
        connection.shutdown(Shutdown::Read).unwrap();
        say(&connection, Ok(ask()));
        answer(&listener.accept().unwrap().0, Ok(signed_in()));
    };
    assert_eq!(with_daemon(daemon, sign_in).factor, Factor::RecoveryCode { left: 3 });
}

#[test]
fn errors_that_are_answered_in_different_ways_are_told_apart() {
    assert!(matches!(told(Refused::WrongCode.into()), Error::Refused(Refused::WrongCode)));
    let serial: SerialNumber = "GAHT12345678".parse().unwrap();
    match told(Unusable::ConcurrentModification(serial.clone()).into()) {
        Error::Unusable(Unusable::ConcurrentModification(found)) => assert_eq!(found, serial),
        other => panic!("{other}"),
    }
    match told(Unusable::NoOutcome.into()) {
        Error::Unusable(Unusable::Remote(detail)) => assert_eq!(detail, Unusable::NoOutcome.to_string()),
        other => panic!("{other}"),
    }
}
