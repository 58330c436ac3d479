//! The service over TLS, as AWS's command line and others meet it.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    time::Duration,
};

use keyfob_tests::{Service, Site, clients, command, service::AccessKey};

/// A certification authority, and a certificate of it for this machine under each name.
const CERTIFY: &str = r#"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=test \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
for name in "$@"; do
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.csr" -subj "/CN=$name"
    printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > extensions
    openssl x509 -req -in "$name.csr" -CA ca.pem -CAkey ca.key -days 2 -extfile extensions -out "$name.pem"
    chmod 600 "$name.key"
done
"#;

/// More than the service waits for a handshake.
const PATIENCE: Duration = Duration::from_secs(60);

/// Fewer than the service has places for.
const SILENT: usize = 1000;

struct Certified(Site);

impl Certified {
    fn new(names: &[&str]) -> Self {
        let site = Site::new();
        let mut shell = Command::new("sh");
        shell.current_dir(site.path("")).args(["-euc", CERTIFY, "sh"]).args(names);
        command::run(&mut shell).unwrap();
        Self(site)
    }

    fn path(&self, name: &str) -> String {
        self.0.path(name).display().to_string()
    }

    fn options(&self, certificate: &str, key: &str) -> Vec<String> {
        let words =
            ["--listen", "127.0.0.1:0", "--tls-cert", &self.path(certificate), "--tls-key", &self.path(key)];
        words.map(str::to_owned).into()
    }

    fn serve(&self) -> Service {
        let options = self.options("first.pem", "first.key");
        self.0.start_service_with(&options.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Why there is no service.
    fn refused(&self, certificate: &str, key: &str) -> String {
        let options = self.options(certificate, key);
        let output = self
            .0
            .keyfob(&[&["serve"], &options.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat());
        assert_eq!(output.status.code(), Some(3));
        command::text(&output.stderr)
    }

    /// What openssl says about a handshake.
    fn handshake(&self, service: &Service, options: &[&str]) -> String {
        let mut client = Command::new("openssl");
        client.args(["s_client", "-connect", service.address(), "-CAfile", &self.path("ca.pem")]);
        client.args(["-verify_return_error", "-verify_ip", "127.0.0.1"]).args(options).stdin(Stdio::null());
        let output = command::output(&mut client).unwrap();
        command::text(&[output.stdout, output.stderr].concat())
    }
}

#[test]
fn the_aws_command_line_comes_over_tls() {
    let certified = Certified::new(&["first"]);
    let key = AccessKey::create(&certified.0, "root");
    let (_daemon, service) = (certified.0.start_daemon(&[]), certified.serve());
    let ask = |bundle: &str| {
        let mut aws = clients::aws(&service, &key).unwrap();
        aws.env("AWS_CA_BUNDLE", bundle).args(["sts", "get-caller-identity"]);
        let output = command::output(&mut aws).unwrap();
        (output.status.success(), command::text(&[output.stdout, output.stderr].concat()))
    };
    let (is_done, told) = ask(&certified.path("ca.pem"));
    assert!(is_done && told.contains("arn:aws:iam::"), "{told}");
    let (is_done, told) = ask("/etc/ssl/certs/ca-certificates.crt");
    assert!(!is_done && told.contains("certificate verify failed"), "{told}");
    assert!(service.stop().unwrap().0);
}

#[test]
fn browsers_are_kept_to_tls_and_http_1() {
    let certified = Certified::new(&["first"]);
    let service = certified.serve();
    let mut curl = Command::new("curl");
    curl.args(["-sSi", "--cacert", &certified.path("ca.pem"), &format!("{}/healthz", service.url())]);
    let answer = command::run(&mut curl).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=63072000"), "{answer}");
    let told = certified.handshake(&service, &["-alpn", "h2,http/1.1"]);
    assert!(told.contains("ALPN protocol: http/1.1") && told.contains("TLSv1.3"), "{told}");
    assert!(certified.handshake(&service, &["-tls1_2"]).contains("TLSv1.2"));
    let old = certified.handshake(&service, &["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"]);
    assert!(old.contains("no peer certificate available"), "{old}");
    // In the clear there is no answer.
    let mut curl = Command::new("curl");
    curl.args(["-sS", &format!("http://{}/healthz", service.address())]);
    assert!(!command::output(&mut curl).unwrap().status.success());
}

/// What hyper refuses by itself comes over TLS as it comes without.
#[test]
fn what_is_no_request_is_answered_with_all_headers() {
    let certified = Certified::new(&["first"]);
    let service = certified.serve();
    for request in ["nonsense\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/7.7\r\n\r\n"] {
        let mut client = Command::new("openssl");
        client.args([
            "s_client",
            "-quiet",
            "-connect",
            service.address(),
            "-CAfile",
            &certified.path("ca.pem"),
        ]);
        let mut client =
            client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        client.stdin.as_mut().unwrap().write_all(request.as_bytes()).unwrap();
        let answers = command::text(&client.wait_with_output().unwrap().stdout);
        let refused = answers.split_once("HTTP/1.1 400 Bad Request\r\n").unwrap().1;
        for header in
            ["content-security-policy: default-src 'none';", "strict-transport-security: max-age=63072000"]
        {
            assert!(refused.contains(header), "{answers}");
        }
    }
}

/// Some say nothing at all, some half a word.
#[test]
fn whoever_does_not_shake_hands_is_dropped_and_keeps_nobody_waiting() {
    let certified = Certified::new(&["first"]);
    let service = certified.serve();
    let silent: Vec<TcpStream> =
        (0..SILENT).map(|_| TcpStream::connect(service.address()).unwrap()).collect();
    for stream in silent.iter().step_by(2) {
        // The beginning of a handshake of 512 bytes.
        (&*stream).write_all(b"\x16\x03\x01\x02\x00\x01").unwrap();
    }
    let shaken = certified.handshake(&service, &[]);
    assert!(shaken.contains("Verify return code: 0 (ok)"), "{shaken}");
    for mut stream in silent {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let stays = stream
            .read(&mut [0])
            .map_or_else(|error| error.kind() == ErrorKind::WouldBlock, |length| length > 0);
        assert!(!stays, "it is not dropped");
    }
    assert!(certified.handshake(&service, &[]).contains("Verify return code: 0 (ok)"));
}

#[test]
fn a_renewed_certificate_is_taken_without_a_stop() {
    let certified = Certified::new(&["first", "second"]);
    let mut service = certified.serve();
    let shows = |service: &Service, name: &str| {
        let told = certified.handshake(service, &[]).replace("CN = ", "CN=");
        told.contains(&format!("subject=CN={name}\n"))
    };
    assert!(shows(&service, "first"));
    for kind in ["pem", "key"] {
        let path = |name| certified.path(&format!("{name}.{kind}"));
        fs::rename(path("second"), path("first")).unwrap();
    }
    service.program().signal("HUP").unwrap();
    assert!((0..500).any(|_| shows(&service, "second")));
    // A file that is no certificate changes nothing.
    fs::write(certified.path("first.pem"), "").unwrap();
    service.program().signal("HUP").unwrap();
    assert!(shows(&service, "second"));
    let (ended, log) = service.stop().unwrap();
    assert!(ended && log.contains("the certificate was read again"), "{log}");
    assert!(log.contains("the last certificate stays"), "{log}");
}

#[test]
fn what_makes_no_tls_is_named() {
    let certified = Certified::new(&["first", "second"]);
    let told = certified.refused("first.pem", "second.key");
    assert!(told.contains("can't be used with the key"), "{told}");
    let told = certified.refused("first.key", "first.key");
    assert!(told.contains("first.key holds no certificate"), "{told}");
    let told = certified.refused("first.pem", "first.pem");
    assert!(told.contains("first.pem is open to others (mode 0644): run `chmod 0640 "), "{told}");
    fs::write(certified.path("second.key"), "").unwrap();
    let told = certified.refused("first.pem", "second.key");
    assert!(told.contains("second.key holds no private key"), "{told}");
    let told = certified.refused("none.pem", "first.key");
    assert!(told.contains("none.pem can't be read"), "{told}");
    for option in ["--tls-cert", "--tls-key"] {
        assert_eq!(certified.0.keyfob(&["serve", option, "file"]).status.code(), Some(2));
    }
}
