//! What becomes of the daemon's errors on their way.

use std::os::unix::net::UnixListener;
use std::thread;

use keyfob_authority::Refused;

use super::*;

/// An error of the daemon's, as its caller gets it.
fn told(error: Error) -> Error {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("keyfob.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let daemon = thread::spawn(move || {
        let (connection, _) = listener.accept().unwrap();
        let deadline = Deadline::after(Duration::from_secs(10));
        frame::read(&connection, 1000, deadline).unwrap();
        frame::write(&connection, &encode(&Message::of(Err(error))).unwrap(), deadline).unwrap();
    });
    let told = Client::new(socket, Duration::from_secs(10)).devices().unwrap_err();
    daemon.join().unwrap();
    told
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
