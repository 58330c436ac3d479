//! What browsers are told, whatever is answered.

use axum::http::HeaderMap;

use super::*;

/// The headers of the answers to a request.
fn headers(transport: Transport, request: Request) -> HeaderMap {
    let service = Arc::new(Service::new(Fake::default(), || NOW, false));
    let peer = Peer(std::net::Ipv4Addr::LOCALHOST.into());
    let router = router(service, Arc::default(), transport).layer(Extension(peer));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        TowerToHyperService::new(router).call(request).await.unwrap().into_parts().0.headers
    })
}

fn bare(method: Method, path: &str) -> Request {
    Request::builder().method(method).uri(path).body(Body::empty()).unwrap()
}

#[test]
fn every_answer_has_them() {
    let other = |method, path| (path, bare(method, path));
    let requests = [
        ("an action", iam(ENABLE)),
        ("an unsigned action", bare(Method::POST, "/")),
        other(Method::GET, "/healthz"),
        other(Method::DELETE, "/healthz"),
        other(Method::GET, "/"),
        other(Method::GET, "/nothing"),
        other(Method::POST, "/nothing"),
    ];
    for (what, request) in requests {
        let headers = headers(Transport::Plain, request);
        let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!(
            header("content-security-policy"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            "{what}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{what}");
        assert!(header("permissions-policy").contains("camera=()"), "{what}");
        assert!(!headers.contains_key("strict-transport-security"), "{what}");
    }
}

#[test]
fn browsers_are_kept_to_tls_where_it_is_spoken_here() {
    let headers = headers(Transport::Tls, bare(Method::GET, "/healthz"));
    assert_eq!(headers.get("strict-transport-security").unwrap(), "max-age=63072000");
}
