//! The enrollment service: the IAM actions over HTTP. It has no key and no store: it parses, asks the daemon, and writes answers.
#![forbid(unsafe_code)]

mod sigv4;
