//! A request as it comes, before anything of its body has been read.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::ExtensionRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use uuid::Uuid;

use crate::connections::Peer;
use crate::headers::Transport;
use crate::service::Service;

/// What there is of it.
pub struct Incoming {
    /// By which the log and the answer name it.
    pub id: String,
    /// Who sends it, as far as is known.
    pub remote: String,
    /// How it came.
    pub transport: Transport,
    /// Its head.
    pub parts: Parts,
    /// Its body.
    pub body: Body,
}

impl FromRequest<Arc<Service>> for Incoming {
    type Rejection = ExtensionRejection;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let Extension(peer) = Extension::<Peer>::from_request_parts(&mut parts, service).await?;
        let Extension(transport) = Extension::<Transport>::from_request_parts(&mut parts, service).await?;
        let remote = service.remote(&parts.headers, peer);
        Ok(Self { id: Uuid::new_v4().to_string(), remote, transport, parts, body })
    }
}
