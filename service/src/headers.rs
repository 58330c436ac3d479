//! What every answer tells browsers: the actions' answers, refusals and pages alike.

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Response};

/// What a page may do: load what is served here, run WebAssembly, and make no markup from text.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
                      require-trusted-types-for 'script'; trusted-types 'none'";

/// No page needs a part of the machine.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
                           magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), \
                           screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

const ALWAYS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Whether the service itself speaks TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// It does not, whatever stands in front.
    Plain,
    /// It does, so browsers are told to come by TLS alone for two years.
    Tls,
}

/// Adds them to an answer.
pub async fn add(State(transport): State<Transport>, mut response: Response<Body>) -> Response<Body> {
    let headers = response.headers_mut();
    for (name, value) in of(transport) {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Those of every answer.
pub fn of(transport: Transport) -> impl Iterator<Item = (HeaderName, &'static str)> {
    let by_tls = (transport == Transport::Tls).then_some((STRICT_TRANSPORT_SECURITY, "max-age=63072000"));
    ALWAYS.into_iter().chain(by_tls)
}
