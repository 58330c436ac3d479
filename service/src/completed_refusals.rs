//! What hyper refuses by itself, since it is no HTTP request or its head is too long. It answers by a head that has nothing in it and lets nobody add to
//! that, so it is completed on its way out: these answers tell browsers what all others do.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use uuid::Uuid;

use crate::connections::Peer;
use crate::headers::{self, Transport};

/// A connection on which they are completed.
pub struct CompletedRefusals<S> {
    stream: S,
    transport: Transport,
    peer: Peer,
    /// Everything so far has been sent, as hyper says by a flush.
    is_between_answers: bool,
    refusal: Option<Refusal>,
}

/// One that is being sent.
struct Refusal {
    /// How much of it hyper has written.
    written: usize,
    /// What is sent for that.
    completed: Vec<u8>,
    sent: usize,
}

impl<S> CompletedRefusals<S> {
    /// Completes what is written to `stream`.
    pub const fn new(stream: S, transport: Transport, peer: Peer) -> Self {
        Self { stream, transport, peer, is_between_answers: true, refusal: None }
    }

    /// Whether this is all of a refusal of hyper's, and not a part of an answer.
    fn is_refusal(&self, written: &[u8]) -> bool {
        self.is_between_answers && is_bare_refusal(written)
    }

    fn complete(&self, bare: &[u8]) -> Refusal {
        let request_id = Uuid::new_v4().to_string();
        tracing::info!(request_id, remote = %self.peer.0, status = status(bare), "refused unread");
        let head = bare.strip_suffix(b"\r\n").unwrap_or(bare);
        let mut completed = head.to_vec();
        for (name, value) in headers::of(self.transport) {
            completed.extend(format!("{name}: {value}\r\n").bytes());
        }
        completed
            .extend(format!("cache-control: no-store\r\nx-amzn-requestid: {request_id}\r\n\r\n").bytes());
        Refusal { written: bare.len(), completed, sent: 0 }
    }
}

/// A head of an answer 4…, without a body and without any header but those that hyper adds. Every answer of ours has more, and what comes after a
/// part of one is a line of JSON (`/import`).
fn is_bare_refusal(written: &[u8]) -> bool {
    let lines = written.strip_suffix(b"\r\n\r\n").and_then(|head| std::str::from_utf8(head).ok());
    let Some((first, others)) = lines.and_then(|head| head.split_once("\r\n")) else { return false };
    let is_added = |line: &str| {
        matches!(line, "content-length: 0" | "connection: close" | "connection: keep-alive")
            || line.starts_with("date: ")
    };
    matches!(first.get(..10), Some("HTTP/1.1 4" | "HTTP/1.0 4")) && others.split("\r\n").all(is_added)
}

/// The three digits of its first line.
fn status(head: &[u8]) -> Option<u16> {
    std::str::from_utf8(head.get(9..12)?).ok()?.parse().ok()
}

impl<S: AsyncRead + Unpin> AsyncRead for CompletedRefusals<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> CompletedRefusals<S> {
    /// Sends the rest of it, and says then that what hyper has written is sent.
    fn poll_refusal(&mut self, context: &mut Context<'_>, refusal: &mut Refusal) -> Poll<io::Result<usize>> {
        while let Some(rest) = refusal.completed.get(refusal.sent..).filter(|rest| !rest.is_empty()) {
            match ready!(Pin::new(&mut self.stream).poll_write(context, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => refusal.sent += sent,
            }
        }
        Poll::Ready(Ok(refusal.written))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for CompletedRefusals<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        written: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(written)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        written: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        // Not looked at again when it is called once more for the rest.
        let begun = this.refusal.take();
        let refusal = match written {
            [only] if begun.is_none() && this.is_refusal(only) => Some(this.complete(only)),
            _ => begun,
        };
        if let Some(mut refusal) = refusal {
            let sent = this.poll_refusal(context, &mut refusal);
            if sent.is_pending() {
                this.refusal = Some(refusal);
            }
            return sent;
        }
        this.is_between_answers = false;
        Pin::new(&mut this.stream).poll_write_vectored(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(Pin::new(&mut this.stream).poll_flush(context))?;
        this.is_between_answers = true;
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::convert::Infallible;
    use std::net::{IpAddr, Ipv4Addr};

    use axum::body::{Body, Bytes};
    use axum::http::{Request, Response};
    use http_body_util::Full;
    use hyper::server::conn::http1;
    use hyper::service::service_fn;
    use hyper_util::rt::TokioIo;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const GOOD: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const BAD: &str = "GET / HTTP/7.7\r\nHost: x\r\n\r\n";

    /// A page that is just what hyper would refuse with.
    const PAGE: &str =
        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n";

    /// All that is answered on a connection that holds so many bytes on their way.
    fn answers(room: usize, asked: &str) -> String {
        let peer = Peer(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, server) = duplex(room);
            let stream = CompletedRefusals::new(server, Transport::Tls, peer);
            let page = |_: Request<hyper::body::Incoming>| async {
                Ok::<_, Infallible>(Response::new(Body::new(Full::new(Bytes::from(PAGE)))))
            };
            let conversation = http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(page));
            let (mut reading, mut writing) = tokio::io::split(client);
            let mut answered = String::new();
            let ask = async {
                drop(writing.write_all(asked.as_bytes()).await);
                drop(writing.shutdown().await);
            };
            // Hyper tells of the refusal.
            let _ = tokio::join!(conversation, ask, reading.read_to_string(&mut answered));
            answered
        })
    }

    #[test]
    fn a_refusal_is_completed_however_little_is_taken_at_a_time() {
        for room in [1, 7, 64, 100_000] {
            let answered = answers(room, BAD);
            assert!(answered.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answered}");
            assert!(answered.ends_with("\r\n\r\n"), "{answered}");
            for (header, times) in
                [("content-security-policy: default-src 'none';", 1), ("date: ", 1), ("\r\n\r\n", 1)]
            {
                assert_eq!(answered.matches(header).count(), times, "{room} {header} {answered}");
            }
            assert!(answered.contains("\r\nstrict-transport-security: max-age="), "{answered}");
            assert!(answered.contains("\r\nx-amzn-requestid: "), "{answered}");
        }
    }

    #[test]
    fn an_answer_is_left_as_it_is_and_the_refusal_after_it_is_not() {
        for room in [1, 7, 64, 100_000] {
            let answered = answers(room, &format!("{GOOD}{GOOD}{BAD}"));
            let parts: Vec<_> = answered.split(PAGE).collect();
            assert_eq!(parts.len(), 3, "{room}: {answered}");
            for part in parts.iter().take(2) {
                assert!(
                    part.starts_with("HTTP/1.1 200 OK\r\n") && !part.contains("security"),
                    "{room}: {part}"
                );
            }
            let refused = parts.last().unwrap();
            assert!(
                refused.starts_with("HTTP/1.1 400 ") && refused.contains("content-security-policy"),
                "{room}: {refused}"
            );
        }
    }

    #[test]
    fn whatever_has_more_is_no_bare_refusal() {
        assert!(is_bare_refusal(PAGE.as_bytes()));
        for other in [
            PAGE.replace("400", "200"),
            PAGE.replace("HTTP/1.1", "HTTP/2.0"),
            PAGE.replace("length: 0", "length: 1"),
            PAGE.replace("date", "etag"),
            PAGE.replace("\r\n\r\n", "\r\n"),
            format!("{PAGE}x"),
            format!("x{PAGE}"),
            "HTTP/1.1 400 Bad Request\r\n\r\n".into(),
            "HTTP/1.1 100 Continue\r\n\r\n".into(),
            String::new(),
        ] {
            assert!(!is_bare_refusal(other.as_bytes()), "{other}");
        }
    }
}
